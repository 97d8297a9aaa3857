/** A scanner of TypeScript that knows comments, strings, templates and regular expressions, and nothing else: enough to find imports and words. */

export interface Import {
  readonly specifier: string;
  /** Erased by the compiler: nothing is loaded at run time. */
  readonly isTypeOnly: boolean;
  /** The names that are imported as values; `*` for all of them. */
  readonly names: readonly string[];
}

export interface ScannedSource {
  /** Without comments; every string and template text is its number in quotes. */
  readonly code: string;
  readonly strings: readonly string[];
  /** Every regular expression as it is written, with its flags. */
  readonly regexes: readonly string[];
}

/** What may precede a slash that begins a regular expression, as opposed to a division. */
const beforeRegex =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|void|delete|throw|else|do))$/;

/** The end of a quoted text, a template's text, or a regular expression that begins at `start`. */
const endOf = (source: string, start: number, isEnd: (at: number, inClass: boolean) => boolean): number => {
  let inClass = false;
  for (let at = start; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (isEnd(at, inClass)) return at;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
  }
  return source.length;
};

export const scanSource = (source: string): ScannedSource => {
  const strings: string[] = [];
  const regexes: string[] = [];
  let code = '';
  /** Open braces; true where the brace belongs to a template. */
  const braces: boolean[] = [];
  let at = 0;
  const keep = (text: string): void => {
    code += `"${strings.length}"`;
    strings.push(text);
  };
  const template = (): void => {
    const end = endOf(source, at, (i) => source[i] === '`' || source.startsWith('${', i));
    keep(source.slice(at, end));
    if (source[end] === '$') braces.push(true);
    at = source[end] === '$' ? end + 2 : end + 1;
    if (source[end] === '$') code += '+(';
  };
  while (at < source.length) {
    const char = source[at] ?? '';
    const pair = source.slice(at, at + 2);
    if (pair === '//' || (at === 0 && pair === '#!')) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (pair === '/*') {
      const end = source.indexOf('*/', at + 2);
      at = end < 0 ? source.length : end + 2;
      code += ' ';
    } else if (char === "'" || char === '"') {
      const end = endOf(source, at + 1, (i) => source[i] === char);
      keep(source.slice(at + 1, end));
      at = end + 1;
    } else if (char === '`') {
      at += 1;
      template();
    } else if (char === '/' && beforeRegex.test(code.trimEnd())) {
      const end = endOf(source, at + 1, (i, inClass) => source[i] === '/' && !inClass);
      const flags = /^[a-z]*/.exec(source.slice(end + 1, end + 9))?.[0] ?? '';
      regexes.push(source.slice(at, end + 1) + flags);
      code += '/regex/';
      at = end + 1;
    } else if (char === '}' && braces.pop() === true) {
      code += ')+';
      at += 1;
      template();
    } else {
      if (char === '{') braces.push(false);
      code += char;
      at += 1;
    }
  }
  return { code, strings, regexes };
};

const statement = /\b(import|export)\s+(type\s+(?!from\b))?([\w\s{},*$]*?)\bfrom\s*"(\d+)"/g;
const sideEffect = /\bimport\s*"(\d+)"/g;
const dynamic = /(?<![.\w])import\s*\(\s*(?:"(\d+)"\s*\))?/g;

/** The names in `{ a, type B, c as d }`. Any other form of import, such as a default one, gives everything. */
const valueNames = (clause: string): readonly string[] => {
  const list = /^\{([^}]*)\}$/.exec(clause.trim())?.[1];
  if (list === undefined) return ['*'];
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s/)[0] ?? '');
};

/** Every module that a source names, in `import`, `export … from` and `import()`; a computed `import()` has the specifier `(computed)`. */
export const importsOf = ({ code, strings }: ScannedSource): readonly Import[] => {
  const at = (number: string | undefined): string =>
    number === undefined ? '(computed)' : (strings[Number(number)] ?? '');
  return [
    ...[...code.matchAll(statement)].map(([, , type, clause = '', number]) => ({
      specifier: at(number),
      isTypeOnly: type !== undefined,
      names: type === undefined ? valueNames(clause) : [],
    })),
    ...[...code.matchAll(sideEffect)].map(([, number]) => ({ specifier: at(number), isTypeOnly: false, names: ['*'] })),
    ...[...code.matchAll(dynamic)].map(([, number]) => ({ specifier: at(number), isTypeOnly: false, names: ['*'] })),
  ];
};

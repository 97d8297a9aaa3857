/** Scripts that complete the command line in a shell, made from the commands. They call nothing: a Tab costs no time. */
import type { Command } from './command.ts';
import type { Option, Options } from './option.ts';
import { commonOptions } from './read-command-line.ts';

/** A word that can follow, and what it means. */
interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What can follow an option: one of some words, a path, or something that is not known here. */
type Following = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'path' | 'other' };

interface TypedOption extends Candidate {
  /** Undefined for an option without a value. */
  readonly following: Following | undefined;
}

/** A place in the command line, by the words before it, with the words that can follow there. */
interface Place {
  readonly words: string;
  readonly candidates: readonly Candidate[];
  /** The options of a command; none in front of one. */
  readonly options: readonly TypedOption[];
}

const firstSentence = (text: string): string => /^.*?[.;](?=\s|$)/.exec(text)?.[0].replace(/[.;]$/, '') ?? text;

const followingOf = (option: Option): Following | undefined => {
  if (option.kind === 'flag') return undefined;
  if (option.kind === 'choice') return { kind: 'words', words: option.choices };
  return { kind: option.placeholder === 'PATH' ? 'path' : 'other' };
};

const typedOptions = (options: Options): readonly TypedOption[] =>
  Object.entries(options).flatMap(([name, option]) => {
    const meaning = firstSentence(option.description);
    const itself = { word: `--${name}`, meaning, following: followingOf(option) };
    const inFile = { word: `--${name}-file`, meaning: `${meaning}, in a file`, following: { kind: 'path' as const } };
    return option.kind === 'secret' ? [itself, inFile] : [itself];
  });

const placesOf = (commands: readonly Command[]): readonly Place[] => {
  const before = new Map<string, Map<string, string>>([['', new Map()]]);
  for (const { name, summary } of commands) {
    const words = name.split(' ');
    words.forEach((word, index) => {
      const path = words.slice(0, index).join(' ');
      const candidates = before.get(path) ?? new Map<string, string>();
      const isWhole = index === words.length - 1;
      candidates.set(word, isWhole ? firstSentence(summary) : (candidates.get(word) ?? `Everything about ${word}`));
      before.set(path, candidates);
    });
  }
  const nouns = [...before].map(([words, candidates]) => ({
    words,
    candidates: [...candidates].map(([word, meaning]) => ({ word, meaning })),
    options: [],
  }));
  const leaves = commands.map(({ name, options, argument }) => ({
    words: name,
    // An argument that is one of some words is named by them: `bash|zsh|fish`.
    candidates: argument?.includes('|') ? argument.split('|').map((word) => ({ word, meaning: word })) : [],
    options: typedOptions({ ...options, ...commonOptions }),
  }));
  return [...nouns, ...leaves];
};

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n');

const optionsWithValues = (places: readonly Place[]) =>
  places.flatMap(({ words, options }) =>
    options.flatMap(({ word, following }) => (following === undefined ? [] : [{ words, word, following }])),
  );

const bashAction = (following: Following): string => {
  if (following.kind === 'words') return `COMPREPLY=($(compgen -W ${quote(following.words.join(' '))} -- "$current"))`;
  return following.kind === 'path' ? 'COMPREPLY=($(compgen -f -- "$current"))' : 'COMPREPLY=()';
};

const bashScript = (places: readonly Place[]): string => `# Completion of chatferry for bash. Load it with:
#   source <(chatferry completion bash)
_chatferry() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} place='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && break
    place="$place\${place:+ }$word"
  done
  case "$place $previous" in
${indent(optionsWithValues(places).map(({ words, word, following }) => `${quote(`${words}`)}*${quote(` ${word}`)}) ${bashAction(following)}; return ;;`))}
  esac
  case "$place" in
${indent(
  places.map(({ words, candidates, options }) => {
    const list = [...candidates, ...options].map(({ word }) => word).join(' ');
    // A command may be followed by its argument.
    return `${quote(words)}${options.length > 0 ? `|${quote(`${words} `)}*` : ''}) COMPREPLY=($(compgen -W ${quote(list)} -- "$current")) ;;`;
  }),
)}
  esac
}
complete -o filenames -o bashdefault -F _chatferry chatferry
`;

const zshAction = (following: Following): string => {
  if (following.kind === 'words') return `compadd -- ${following.words.map(quote).join(' ')}`;
  return following.kind === 'path' ? '_files' : ':';
};

const zshScript = (places: readonly Place[]): string => `#compdef chatferry
# Completion of chatferry for zsh. Write it to a folder of $fpath, as _chatferry.
_chatferry() {
  local place='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && break
    place="$place\${place:+ }$word"
  done
  case "$place \${words[CURRENT-1]}" in
${indent(optionsWithValues(places).map(({ words, word, following }) => `(${quote(words)}*${quote(` ${word}`)}) ${zshAction(following)}; return ;;`))}
  esac
  local -a candidates
  case "$place" in
${indent(
  places.map(({ words, candidates, options }) => {
    const list = [...candidates, ...options].map(({ word, meaning }) => quote(`${word}:${meaning}`)).join(' ');
    return `(${quote(words)}${options.length > 0 ? `|${quote(`${words} `)}*` : ''}) candidates=(${list}) ;;`;
  }),
)}
  esac
  _describe chatferry candidates
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _chatferry "$@"; else compdef _chatferry chatferry; fi
`;

const fishArguments = (following: Following | undefined): string => {
  if (following === undefined) return '';
  if (following.kind === 'words') return ` -x -a ${quote(following.words.join(' '))}`;
  return following.kind === 'path' ? ' -r -F' : ' -x';
};

const fishScript = (places: readonly Place[]): string => `# Completion of chatferry for fish. Write it to
# ~/.config/fish/completions/chatferry.fish
function __chatferry_at
  set -l place
  for word in (commandline -opc)[2..]
    string match -q -- '-*' $word; and break
    set -a place $word
  end
  set -l words (string split -n ' ' -- $argv[1])
  if test "$argv[2]" = exactly
    test "$place" = "$words"
  else
    test "$place[1..$(count $words)]" = "$words"
  end
end
complete -c chatferry -f
${places
  .flatMap(({ words, candidates, options }) => [
    ...candidates.map(
      ({ word, meaning }) =>
        `complete -c chatferry -n ${quote(`__chatferry_at ${quote(words)} exactly`)} -a ${quote(word)} -d ${quote(meaning)}`,
    ),
    ...options.map(
      ({ word, meaning, following }) =>
        `complete -c chatferry -n ${quote(`__chatferry_at ${quote(words)}`)} -l ${word.slice(2)}${fishArguments(following)} -d ${quote(meaning)}`,
    ),
  ])
  .join('\n')}
`;

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as readonly Shell[];

/** The script for one shell. */
export const completionScript = (shell: Shell, commands: readonly Command[]): string =>
  scripts[shell](placesOf(commands));

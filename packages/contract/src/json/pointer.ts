export type Path = readonly PropertyKey[];

const escapeToken = (token: PropertyKey): string => String(token).replaceAll('~', '~0').replaceAll('/', '~1');

/** The RFC 6901 pointer of a path, with a prefix. */
export const toPointer = (path: Path, base = ''): string => {
  let pointer = base;
  for (const token of path) pointer += `/${escapeToken(token)}`;
  return pointer;
};

/** The tokens of an RFC 6901 pointer. */
export const fromPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The name of a place in a sentence: the path with dots, or `The request body` for the empty path. */
export const toDotted = (path: Path): string => (path.length === 0 ? 'The request body' : path.map(String).join('.'));

/** The value at a path, reading own properties only. Undefined if there is none. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const token of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[token];
  }
  return value;
};

export type Path = readonly PropertyKey[];

const escapeToken = (token: PropertyKey): string => String(token).replaceAll('~', '~0').replaceAll('/', '~1');

/** RFC 6901: the pointer of a path; `base` stands before it. */
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

/** How a sentence names a place: the path with dots, or `The request body` for the whole. */
export const toDotted = (path: Path): string => (path.length === 0 ? 'The request body' : path.map(String).join('.'));

/** The value at a path through own properties; undefined where there is none. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const token of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[token];
  }
  return value;
};

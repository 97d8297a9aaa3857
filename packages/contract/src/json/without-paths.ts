import type { Path } from './pointer.ts';

type Container = Record<PropertyKey, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

// A spread defines properties and does not set them, so a key `__proto__` remains an ordinary key.
const shallowCopy = (value: Container): Container =>
  Array.isArray(value) ? ([...value] as unknown as Container) : { ...value };

/** Returns a copy of `root` without the properties at `paths`. Copies only the containers on these paths. Never removes array entries. */
export const withoutPaths = (root: unknown, paths: readonly Path[]): unknown => {
  const copies = new Map<Container, Container>();
  const copyOf = (value: Container): Container => {
    const made = copies.get(value) ?? shallowCopy(value);
    copies.set(value, made);
    copies.set(made, made);
    return made;
  };
  if (!isContainer(root)) return root;
  const top = copyOf(root);
  for (const path of paths) {
    let at = top;
    for (const token of path.slice(0, -1)) {
      const next = at[token];
      if (!isContainer(next)) break;
      const copy = copyOf(next);
      at[token] = copy;
      at = copy;
    }
    const last = path.at(-1);
    if (last !== undefined && !Array.isArray(at)) delete at[last];
  }
  return top;
};

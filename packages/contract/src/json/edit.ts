import type { Path } from './pointer.ts';

type Container = Record<PropertyKey, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

// A spread defines properties and sets none: an own `__proto__` stays an ordinary key.
const shallow = (value: Container): Container =>
  Array.isArray(value) ? ([...value] as unknown as Container) : { ...value };

/** Returns `root` without the properties at `paths`. Only the containers on the way are copied, each once; array entries are never removed. */
export const withoutPaths = (root: unknown, paths: readonly Path[]): unknown => {
  const copies = new Map<Container, Container>();
  const copyOf = (value: Container): Container => {
    const made = copies.get(value) ?? shallow(value);
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

/** Puts an entry last. If there are more than `sizeMax` then, the one that was put longest ago makes room. */
export function putNewest<V>(entries: Map<string, V>, name: string, value: V, sizeMax: number): void {
  entries.delete(name);
  entries.set(name, value);
  const oldest = entries.keys().next();
  if (entries.size > sizeMax && !oldest.done) entries.delete(oldest.value);
}

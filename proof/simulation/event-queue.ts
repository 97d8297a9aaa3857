/** Something that happens at a moment of virtual time. */
export interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly label: string;
  /** Whose it is; null for the world outside of every process. */
  readonly owner: Owner | null;
  readonly run: () => void;
  isCancelled: boolean;
}

/** A process, as the queue knows it: what is due while it is paused waits, what is due after its death never happens. */
export interface Owner {
  readonly name: string;
  isDead: boolean;
  pausedUntilMs: number;
}

export interface EventQueue {
  push(event: Scheduled): void;
  /** The next in time, and of the same moment the first that was pushed. */
  pop(): Scheduled | undefined;
  readonly size: number;
}

const isBefore = (a: Scheduled, b: Scheduled): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap. */
export function createEventQueue(): EventQueue {
  const heap: Scheduled[] = [];
  const at = (index: number): Scheduled => heap[index] as Scheduled;

  const sink = (moved: Scheduled): void => {
    let hole = 0;
    for (;;) {
      let child = hole * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(at(child + 1), at(child))) child += 1;
      if (!isBefore(at(child), moved)) break;
      heap[hole] = at(child);
      hole = child;
    }
    heap[hole] = moved;
  };

  return {
    get size() {
      return heap.length;
    },
    push(event) {
      let hole = heap.length;
      heap.push(event);
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!isBefore(event, at(parent))) break;
        heap[hole] = at(parent);
        hole = parent;
      }
      heap[hole] = event;
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first !== undefined && last !== undefined && heap.length > 0) sink(last);
      return first;
    },
  };
}

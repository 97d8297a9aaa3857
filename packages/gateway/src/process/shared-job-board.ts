import type { JobBoard } from '../ports/job-board.ts';

/** The length of a text and the text, in UTF-8. */
const slotBytes = 256;
const lengthBytes = 1;

/** The memory of a board with room for this many jobs. Threads can share it. */
export const createBoardMemory = (jobsMax: number): SharedArrayBuffer => new SharedArrayBuffer(jobsMax * slotBytes);

const slotsOf = (memory: SharedArrayBuffer): readonly Uint8Array[] =>
  Array.from({ length: memory.byteLength / slotBytes }, (_, at) => new Uint8Array(memory, at * slotBytes, slotBytes));

/** Writes the board. Jobs for which there is no room are not shown, and long texts are cut. */
export function createSharedJobBoard(memory: SharedArrayBuffer): JobBoard {
  const encoder = new TextEncoder();
  // Encodes to memory of its own first: `encodeInto` does not accept shared memory everywhere.
  const text = new Uint8Array(slotBytes - lengthBytes);
  const free = [...slotsOf(memory)];

  return {
    post(job) {
      const slot = free.pop();
      if (slot === undefined) return () => undefined;
      const { written } = encoder.encodeInto(job, text);
      slot.set(text, lengthBytes);
      slot[0] = written;
      return () => {
        slot[0] = 0;
        free.push(slot);
      };
    },
  };
}

/** The jobs on the board. */
export function readJobBoard(memory: SharedArrayBuffer): readonly string[] {
  const decoder = new TextDecoder();
  return slotsOf(memory).flatMap((slot) => {
    const length = slot[0] ?? 0;
    return length === 0 ? [] : [decoder.decode(slot.slice(lengthBytes, lengthBytes + length))];
  });
}

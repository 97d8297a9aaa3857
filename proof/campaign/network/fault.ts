/**
 * What goes wrong with one message. `cut`: both ends see the connection closed. `reset`: both get a reset. `stall`: nothing more
 * comes, and neither end is notified. `half-open`: the receiver's end is gone, the sender is not notified. `slow`: all of it, in small pieces.
 */
export type FaultKind = 'cut' | 'reset' | 'stall' | 'half-open' | 'slow';

/** How much of the message gets through. */
export type Place = 'before-first' | 'after-first' | 'middle' | 'before-last' | 'after-last';

export type Direction = 'request' | 'answer';

export interface NetworkFault {
  readonly kind: FaultKind;
  readonly place: Place;
  readonly direction: Direction;
}

export const faultKinds: readonly FaultKind[] = ['cut', 'reset', 'stall', 'half-open', 'slow'];
export const places: readonly Place[] = ['before-first', 'after-first', 'middle', 'before-last', 'after-last'];
export const directions: readonly Direction[] = ['request', 'answer'];

/** How many bytes of a message that long get through. */
export function bytesThrough(place: Place, length: number): number {
  switch (place) {
    case 'before-first':
      return 0;
    case 'after-first':
      return Math.min(1, length);
    case 'middle':
      return Math.floor(length / 2);
    case 'before-last':
      return Math.max(0, length - 1);
    case 'after-last':
      return length;
  }
}

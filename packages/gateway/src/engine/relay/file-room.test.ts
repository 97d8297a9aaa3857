import { describe, expect, it } from 'vitest';
import { createFileRoom } from './file-room.ts';

describe('the room for files of replies', () => {
  it('is bounded together and for each owner, and given back once', () => {
    const room = createFileRoom({ totalBytes: 10, ownerBytes: 6 });
    const first = room.tryTake('ada', 5);
    expect([first, room.tryTake('ada', 2), room.tryTake('grace', 6)]).toEqual([expect.any(Function), null, null]);
    expect(room.tryTake('grace', 5)).not.toBeNull();
    first?.();
    first?.();
    expect([room.tryTake('linus', 6), room.tryTake('linus', 5)]).toEqual([null, expect.any(Function)]);
  });

  it('admits a file that is larger than it if it is empty', () => {
    const room = createFileRoom({ totalBytes: 10, ownerBytes: 6 });
    const release = room.tryTake('ada', 50);
    expect(release).not.toBeNull();
    expect(room.tryTake('grace', 1)).toBeNull();
    release?.();
    expect(room.tryTake('grace', 1)).not.toBeNull();
  });
});

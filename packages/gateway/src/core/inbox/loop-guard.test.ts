import { describe, expect, it } from 'vitest';
import { type OpenWrite, originOf, undecidedMaxMs } from './loop-guard.ts';

const entry = { author: { id: 'ada' }, textHash: 'said', markedOurs: false };
const isOpen = (...openWrites: readonly OpenWrite[]) => ({ inLedger: false, openWrites });
const young = undecidedMaxMs - 1;

describe('an entry of the inbox', () => {
  it('is ours if its id is recorded or the inbox says so', () => {
    expect(originOf(entry, { inLedger: true, openWrites: [] }, 0)).toEqual({ kind: 'ours', why: 'ledger' });
    expect(originOf({ ...entry, markedOurs: true }, isOpen(), 0)).toEqual({ kind: 'ours', why: 'marked' });
  });

  it('is the agent’s at once if no write of ours is open', () => {
    expect(originOf(entry, isOpen(), 0)).toEqual({ kind: 'theirs' });
  });

  it.each([
    ['the same teammate', 'ada'],
    ['whom the inbox chooses', null],
  ])('with other words than an open write by %s waits, but only for a time', (_who, senderId) => {
    const writes = isOpen({ textHash: 'other', senderId });
    expect(originOf(entry, writes, young)).toEqual({ kind: 'undecided' });
    expect(originOf(entry, writes, undecidedMaxMs)).toEqual({ kind: 'theirs' });
  });

  it('with other words and another author than an open write does not wait for it', () => {
    expect(originOf(entry, isOpen({ textHash: 'other', senderId: 'grace' }), 0)).toEqual({ kind: 'theirs' });
  });

  it('with the words of an open write waits until that ends, also if the author is another one', () => {
    const writes = isOpen({ textHash: 'other', senderId: 'grace' }, { textHash: 'said', senderId: 'grace' });
    expect(originOf(entry, writes, 10 * undecidedMaxMs)).toEqual({ kind: 'undecided' });
  });
});

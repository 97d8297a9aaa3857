import { describe, expect, it } from 'vitest';
import { amendments, describeAmended, readAmended } from './amendment.ts';

describe('an amendment in the record of an attempt', () => {
  it.each(amendments)('can be read again: %s', (amendment) => {
    const amended = { amendment, reason: 'Bad Request: message thread not found; or so' };
    expect(readAmended(describeAmended(amended))).toEqual(amended);
  });

  it('is told apart from any other record', () => {
    expect([readAmended(null), readAmended('connect ECONNREFUSED')]).toEqual([null, null]);
  });
});

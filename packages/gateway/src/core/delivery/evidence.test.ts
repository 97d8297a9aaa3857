import { expect, it } from 'vitest';
import { type MessageTrace, matchTrace, type UnknownMessage } from './evidence.ts';

const trace: MessageTrace = { chatId: '7', channelMessageId: '99', sentAtMs: 1_000_000, fingerprint: 'a' };
const unknown: UnknownMessage = {
  messageId: 1,
  createdAtMs: 999_800,
  unknownSinceMs: 1_055_000,
  fingerprint: 'a',
};

it('a trace is of the one message that says the same and was under way then', () => {
  expect(matchTrace(trace, [unknown, { ...unknown, messageId: 2, fingerprint: 'b' }])).toBe(unknown);
});

it('a trace is of no message where two would fit', () => {
  expect(matchTrace(trace, [unknown, { ...unknown, messageId: 2 }])).toBeNull();
});

it.each([
  ['before it was given to the channel', 999_800 - 60_001],
  ['long after it was given up', 1_055_000 + 5 * 60_000 + 1],
])('a trace of a message that was sent %s is of another one', (_when, sentAtMs) => {
  expect(matchTrace({ ...trace, sentAtMs }, [unknown])).toBeNull();
});

it('the same words are told apart by when they were under way', () => {
  const earlier = { ...unknown, messageId: 2, createdAtMs: 0, unknownSinceMs: 55_000 };
  expect(matchTrace(trace, [earlier, unknown])).toBe(unknown);
});

it('a message with nothing to be known by is never found', () => {
  expect(matchTrace(trace, [{ ...unknown, fingerprint: null }])).toBeNull();
});

import { expect, it } from 'vitest';
import { type MessageTrace, matchTrace, type UnknownMessage } from './evidence.ts';

const trace: MessageTrace = { chatId: '7', channelMessageId: '99', sentAtMs: 1_000_000, fingerprint: 'a' };
const unknown: UnknownMessage = {
  messageId: 1,
  createdAtMs: 999_800,
  unknownSinceMs: 1_055_000,
  fingerprint: 'a',
};

it('a trace fits the message with the same content that was on its way then', () => {
  expect(matchTrace(trace, [unknown, { ...unknown, messageId: 2, fingerprint: 'b' }])).toBe(unknown);
});

it('a trace fits no message if two would fit', () => {
  expect(matchTrace(trace, [unknown, { ...unknown, messageId: 2 }])).toBeNull();
});

it.each([
  ['before it was given to the channel', 999_800 - 60_001],
  ['long after its outcome was declared unknown', 1_055_000 + 5 * 60_000 + 1],
])('a trace does not fit a message if it was sent %s', (_when, sentAtMs) => {
  expect(matchTrace({ ...trace, sentAtMs }, [unknown])).toBeNull();
});

it('two messages with the same content are told apart by their times', () => {
  const earlier = { ...unknown, messageId: 2, createdAtMs: 0, unknownSinceMs: 55_000 };
  expect(matchTrace(trace, [earlier, unknown])).toBe(unknown);
});

it('a message without a fingerprint fits no trace', () => {
  expect(matchTrace(trace, [{ ...unknown, fingerprint: null }])).toBeNull();
});

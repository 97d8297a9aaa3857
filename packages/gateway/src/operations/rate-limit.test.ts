import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const limit = { perSecond: 1, burst: 1 };

it('a key in use keeps its limit while a hundred thousand other keys come and go', () => {
  const countRequest = createRateLimit(createManualClock());
  const waitOf = (id: string) => countRequest({ id, limit }).waitMs;
  const useOthers = (name: string) => {
    for (let index = 0; index < 60_000; index += 1) waitOf(`${name} ${index}`);
  };
  expect(waitOf('key_1')).toBe(0);
  useOthers('before');
  expect(waitOf('key_1')).toBeGreaterThan(0);
  useOthers('after');
  expect(waitOf('key_1')).toBeGreaterThan(0);
});

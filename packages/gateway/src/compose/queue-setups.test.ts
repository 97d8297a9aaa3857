import { describe, expect, it } from 'vitest';
import { ApiError } from '../operations/api-error.ts';
import { queueSetups } from './queue-setups.ts';

/** Tries that do not end by themselves. */
function arrange() {
  const inTurn = queueSetups({ after: () => () => undefined });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    end: (name: string) => ends.get(name)?.(),
    begin(account: string, address: string, name = `${account} ${address}`) {
      const work = () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve('done')));
      };
      return inTurn({ account, address }, work).catch((cause) => (cause instanceof ApiError ? cause.error : 'bug'));
    },
  };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('ten networks that try to connect bots for one account all the time', () => {
  it('have two tries under way, do not delay other accounts, and let others try for that account', async () => {
    const { begin, begun, end } = arrange();
    for (let index = 0; index < 100; index += 1) void begin('acme', `203.0.113.${index % 10}`, `try ${index}`);
    await turns();
    expect(begun).toEqual(['try 0', 'try 1']);
    void begin('other', '198.51.100.1');
    await turns();
    expect(begun.slice(2)).toEqual(['other 198.51.100.1']);
    const genuine = begin('acme', '198.51.100.2');
    for (let ended = 0; !begun.includes('acme 198.51.100.2'); ended += 1) {
      expect(ended).toBeLessThan(12);
      end(begun.filter((name) => name.startsWith('try'))[ended] ?? '');
      await turns();
    }
    end('acme 198.51.100.2');
    await expect(genuine).resolves.toBe('done');
  });

  it('have one try of each network under way, in IPv6 of each /48, and ten that wait', async () => {
    const { begin, begun } = arrange();
    const waiting = Array.from({ length: 12 }, (_, index) => begin(`account ${index}`, `2001:db8:1:${index}::1`));
    await expect(waiting.at(-1)).resolves.toBe('RATE_LIMITED');
    expect(begun).toEqual(['account 0 2001:db8:1:0::1']);
  });
});

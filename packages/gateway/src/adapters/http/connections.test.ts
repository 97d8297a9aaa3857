import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import { createDeadlines } from '../../ports/deadlines.ts';
import { startCallLimit } from './call-limit.ts';
import { openConnections, type Taken } from './connections.ts';

const clock = createVirtualClock();
const deadlines = createDeadlines(clock);
const aLimit = (signal?: AbortSignal) => startCallLimit(deadlines, { limitMs: 60_000, ...(signal && { signal }) });

/** Connections to a server that is never called, and the parties whose calls have one. */
function arrange(limits: { readonly total: number; readonly perParty: number }) {
  const connections = openConnections('http://127.0.0.1:9', {}, limits);
  const admitted: string[] = [];
  const taken: Taken[] = [];
  const take = async (name: string, party: object, signal?: AbortSignal) => {
    const connection = await connections.take(aLimit(signal), party);
    if (connection === null) return void admitted.push(`${name} left`);
    admitted.push(name);
    taken.push(connection);
  };
  return { connections, admitted, taken, take };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the connections to one server', () => {
  it('are not all taken by one bot whose calls hang', async () => {
    const { admitted, take } = arrange({ total: 4, perParty: 2 });
    const [hanging, other] = [{}, {}];
    for (const name of ['h1', 'h2', 'h3', 'h4', 'h5']) void take(name, hanging);
    await take('other', other);
    expect(admitted).toEqual(['h1', 'h2', 'other']);
  });

  it('go to the calls that wait, bot by bot, each bot’s in order', async () => {
    const { admitted, taken, take } = arrange({ total: 1, perParty: 1 });
    const [one, two] = [{}, {}];
    await take('first', one);
    for (const name of ['one 1', 'one 2']) void take(name, one);
    for (const name of ['two 1', 'two 2']) void take(name, two);
    for (let calls = 1; calls <= 5; calls += 1) {
      taken.at(-1)?.giveBack();
      await settled();
    }
    expect(admitted).toEqual(['first', 'one 1', 'two 1', 'one 2', 'two 2']);
  });

  it('are not waited for by a call that was stopped', async () => {
    const { admitted, taken, take } = arrange({ total: 1, perParty: 1 });
    const party = {};
    const caller = new AbortController();
    await take('first', party);
    const stopped = take('stopped', party, caller.signal);
    void take('last', party);
    caller.abort();
    await stopped;
    taken[0]?.discard();
    taken[0]?.giveBack();
    await settled();
    expect(admitted).toEqual(['first', 'stopped left', 'last']);
  });

  it('are kept after a call, and are replaced after a call that was stopped', async () => {
    const { connections, taken, take } = arrange({ total: 1, perParty: 1 });
    await take('first', {});
    taken[0]?.giveBack();
    await take('second', {});
    expect(taken[1]?.client).toBe(taken[0]?.client);
    taken[1]?.discard();
    expect(connections.isEmpty()).toBe(true);
    await take('third', {});
    expect(taken[2]?.client).not.toBe(taken[0]?.client);
  });
});

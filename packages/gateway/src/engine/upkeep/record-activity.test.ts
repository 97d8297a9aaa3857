import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ActivityMark } from '../../store/activity.ts';
import { recordActivity } from './record-activity.ts';

function start() {
  const clock = createVirtualClock();
  const written: (readonly ActivityMark[])[] = [];
  let failures = 0;
  const activity = recordActivity({
    clock,
    store: {
      activity: {
        async record(marks) {
          if (failures > 0) {
            failures -= 1;
            throw new Error('the store is away');
          }
          written.push(marks);
        },
      },
    },
  });
  const legOf = (ownerId: string) => ({ workspaceId: 'wsp_1', ownerId, leg: 'sent' }) as const;
  const mark = (ownerId: string) => activity.mark(legOf(ownerId));
  /** Writes the waiting marks, as at the end of a process. */
  const flush = () => activity.run(AbortSignal.abort());
  return { clock, written, mark, activity, legOf, flush, failOnce: () => (failures += 1) };
}

describe('the activity of channels', () => {
  it('is written in one call for all channels, and not at all if there was none', async () => {
    const { written, mark, flush } = start();
    await flush();
    expect(written).toEqual([]);
    mark('chn_1');
    mark('chn_2');
    await flush();
    expect(written.map((marks) => marks.map(({ ownerId }) => ownerId))).toEqual([['chn_1', 'chn_2']]);
  });

  it('is written once a minute, however much happens', async () => {
    const { clock, written, mark, flush } = start();
    for (let count = 0; count < 1_000; count += 1) mark('chn_1');
    await flush();
    clock.advance(59_999);
    mark('chn_1');
    await flush();
    expect(written.map((marks) => marks.length)).toEqual([1]);
    clock.advance(1);
    mark('chn_1');
    await flush();
    expect(written.map((marks) => marks.length)).toEqual([1, 1]);
  });

  it('is written with the next mark if the store was away', async () => {
    const { written, mark, flush, failOnce } = start();
    mark('chn_1');
    failOnce();
    await expect(flush()).rejects.toThrow('away');
    mark('chn_1');
    await flush();
    expect(written.map((marks) => marks.length)).toEqual([1]);
  });

  it('is written at once when a leg begins to fail, and when it works again', async () => {
    const { written, mark, activity, legOf, flush } = start();
    mark('chn_1');
    await flush();
    activity.markFailing(legOf('chn_1'), 'no answer');
    activity.markFailing(legOf('chn_1'), 'still no answer');
    await flush();
    activity.markWorking(legOf('chn_1'));
    activity.markWorking(legOf('chn_1'));
    await flush();
    expect(written.flat().map(({ sign, problem }) => [sign, problem])).toEqual([
      ['alive', null],
      ['failing', 'no answer'],
      ['works', null],
    ]);
  });

  it('is the last mark if a leg was seen both failing and alive before the write', async () => {
    const { written, mark, activity, legOf, flush } = start();
    activity.markFailing(legOf('chn_1'), 'no answer');
    mark('chn_1');
    await flush();
    expect(written.flat().map(({ sign }) => sign)).toEqual(['alive']);
  });
});

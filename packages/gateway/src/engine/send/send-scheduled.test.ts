import { expect, it } from 'vitest';
import { createFileBudget } from '../../core/memory/file-budget.ts';
import type { ScheduledMessage } from '../../store/schedules.ts';
import type { Delivery } from './delivery.ts';
import { type SendScheduledDeps, sendScheduled } from './send-scheduled.ts';

const megabyte = 1024 * 1024;
const file = { media: 'document', name: 'a.bin', mediaType: null, sizeBytes: 40 * megabyte, storedId: 'fil_1' };

/** Scheduled messages that are due, each with a file of 40 MB. A delivery ends when `end` is called. */
function arrange() {
  const ends: (() => void)[] = [];
  const message = {
    state: 'scheduled',
    dueInMs: 0,
    channelId: 'chn_1',
    content: { files: [file] },
  } as unknown as ScheduledMessage;
  const open = { record: { state: 'active', interactiveEnabled: true }, channel: {} };
  const deps = {
    store: { schedules: { read: async () => message } },
    directory: { channel: async () => open, workspace: async () => ({ record: { state: 'active' } }) },
    deliver: () => new Promise<Delivery>((resolve) => ends.push(() => resolve({ kind: 'sent' } as Delivery))),
    epoch: 1,
    fileBudget: createFileBudget({ totalBytes: 100 * megabyte, ownerBytes: 100 * megabyte, ownerMax: 64 }),
  } as unknown as SendScheduledDeps;
  const job = { seq: 1, kind: 'scheduled', payload: { messageId: 1, createdOn: '2026-12-01' } } as const;
  return { ends, send: () => sendScheduled(deps, {} as never, job) };
}

it('keeps the files of many scheduled messages that are due at once from filling the memory', async () => {
  const { ends, send } = arrange();
  const [first, second] = [send(), send()];
  await expect.poll(() => ends.length).toBe(2);
  expect(await send()).toMatchObject({ kind: 'later' });
  expect(ends).toHaveLength(2);
  for (const end of ends) end();
  expect([await first, await second]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  const next = send();
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.();
  expect(await next).toEqual({ kind: 'done' });
});

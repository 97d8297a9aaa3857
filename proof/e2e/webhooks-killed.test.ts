import { join } from 'node:path';
import { startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { connectBot, sendTo } from './process-bot.ts';
import { openProcessRig, type ProcessRig } from './process-rig.ts';

const backend = await startWebhookBackend();
let rig: ProcessRig;
beforeAll(async () => {
  await buildPrograms();
  rig = await openProcessRig({ program: 'crashing' });
}, buildLimitMs);
afterAll(async () => {
  await rig.close();
  await backend.close();
});

let runs = 0;

// After the request was made, its repetition cannot be avoided. Before it, nothing may arrive twice.
it.each([
  ['before events are queued', 'store.webhookQueue.fanOut:before', 1],
  ['after events were queued', 'store.webhookQueue.fanOut:after', 1],
  ['before an accepted attempt is noted', 'store.webhookDeliveries.record:before', 2],
  ['after an accepted attempt was noted', 'store.webhookDeliveries.record:after', 2],
])(
  'a gateway that is killed %s loses no event, and keeps their order',
  { timeout: 90_000 },
  async (_, point, timesMax) => {
    runs += 1;
    const path = `/run/${runs}`;
    const settings = {
      CHATFERRY_DATA_DIR: join(rig.folder, `data-${runs}`),
      CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url,
    };
    const first = await rig.start({ ...settings, CRASH_AT: point });
    const bot = await connectBot(rig, first);
    const types = ['message.accepted', 'message.sent', 'message.unknown'];
    const made = await first.admin('/api/v1/webhook-endpoints', { url: backend.url + path, types });
    expect(made.status).toBe(201);
    // The caller's answer may be lost with the process.
    await sendTo(first, bot, bot.newChat(), 'Before the kill').catch(() => undefined);
    await first.ended;

    const second = await rig.start(settings);
    const isHere = (type: string) => backend.calls.some((call) => call.path === path && call.event.type === type);
    await backend.until(() => isHere('message.sent') || isHere('message.unknown'));
    const endpoint = `/api/v1/webhook-endpoints/${made.body.id}`;
    await eventually(async () => expect((await second.admin(endpoint)).body.waiting).toBe(0), 30_000);
    const ids = backend.calls.flatMap((call) => (call.path === path ? [call.event.id as string] : []));
    expect([...new Set(ids)]).toEqual([...new Set(ids)].sort());
    expect(isHere('message.accepted')).toBe(true);
    for (const id of new Set(ids)) expect(ids.filter((other) => other === id).length).toBeLessThanOrEqual(timesMax);
    await second.stop();
  },
);

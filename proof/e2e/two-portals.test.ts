import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import { newCustomer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, hubspot } = rig.sandbox;

async function openPortal(app_of?: string) {
  const bot = await connectHubspotBot(rig, app_of === undefined ? {} : { app_of });
  const { at } = newCustomer(rig, { ...bot, intercomId: '', intercomToken: '' });
  const threadId = await eventually(() => {
    const [only] = hubspot.threads(bot.portalId);
    if (!only) throw new Error('there is no thread yet');
    return only.id;
  });
  return {
    portalId: bot.portalId,
    workspaceId: bot.workspaceId,
    answer: (text: string) => hubspot.reply(bot.portalId, threadId, { text }),
    shown: () => telegram.sent(at).map(({ text }) => text),
  };
}

describe('two portals that installed one app', () => {
  it('report their answers at one address, and each answer reaches its own customer', async () => {
    const first = await openPortal();
    const second = await openPortal(first.portalId);
    first.answer('From the first');
    second.answer('From the second');
    first.answer('And again');
    await eventually(() => expect(first.shown()).toEqual(['From the first', 'And again']));
    await eventually(() => expect(second.shown()).toEqual(['From the second']));
    for (const { portalId, workspaceId } of [first, second]) {
      const { body } = await rig.admin(`/api/v1/workspaces/${workspaceId}`);
      expect(body.webhook_url).toBe(`${rig.url}/hooks/hubspot`);
      const events = hubspot.deliveries(portalId);
      expect(events.length).toBeGreaterThan(0);
      expect(events).toEqual(
        events.map(({ event_id, type }) => ({
          event_id,
          type,
          url: body.webhook_url,
          attempts: 1,
          state: 'delivered',
          status: 200,
        })),
      );
    }
  });

  it('are not affected by a call for a portal of another app or for no portal', async () => {
    const { portalId } = await openPortal();
    const headers = {
      'x-hubspot-signature-v3': Buffer.alloc(32).toString('base64'),
      'x-hubspot-request-timestamp': String(Date.now()),
    };
    for (const body of [{ portalId, type: 'X' }, { portalId: '1', type: 'X' }, {}, []]) {
      expect((await rig.call('/hooks/hubspot', { body, headers })).status).toBe(401);
    }
    expect((await rig.call('/hooks/intercom', { body: {} })).status).toBe(401);
  });
});

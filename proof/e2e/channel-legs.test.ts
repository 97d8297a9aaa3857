import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import { adminToken, aSend, connectBot, newCustomer, send } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { beginInstall } from './connect.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig({ CHATFERRY_RECONCILE_EVERY_SECONDS: '1' });
const { hubspot, faults, feed } = rig.sandbox;

interface Leg {
  readonly name: string;
  readonly state: string;
  readonly since: string | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}
const legOf = async (channelId: string, name: string): Promise<Leg> => {
  const { body } = await rig.admin(`/api/v1/channels/${channelId}`);
  return body.legs.find((leg: Leg) => leg.name === name);
};
const becomes = (channelId: string, name: string, state: string) =>
  eventually(async () => {
    const leg = await legOf(channelId, name);
    expect(leg).toMatchObject({ state, since: expect.stringMatching(/Z$/) });
    return leg;
  });
const check = async (channelId: string, at = rig.url) => {
  const response = await fetch(`${at}/api/v1/channels/${channelId}/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const { legs } = (await response.json()) as { legs: readonly { name: string; ok: boolean; detail: string }[] };
  return Object.fromEntries(legs.map((leg) => [leg.name, leg]));
};

describe('a leg of a channel', () => {
  it('is failing from the moment when Telegram stops answering, and alive again when Telegram answers', async () => {
    const bot = await connectBot(rig);
    const { chatId } = newCustomer(rig, bot);
    expect(await legOf(bot.channelId, 'inbox_in')).toMatchObject({ state: 'silent', since: null, remedy: null });
    faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: chatId,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    expect((await send(rig, bot, aSend(chatId))).status).toBe(504);
    const failing = await becomes(bot.channelId, 'telegram_out', 'failing');
    expect(failing.remedy).toContain(`chatferry channels check ${bot.channelId}`);
    expect((await send(rig, bot, aSend(chatId))).status).toBe(201);
    const alive = await becomes(bot.channelId, 'telegram_out', 'alive');
    expect(Date.parse(alive.since ?? '')).toBeGreaterThanOrEqual(Date.parse(failing.since ?? ''));
  });

  it('reports missing events of the inbox when a reply is found by reconciliation', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    await desk.send(desk.customer(), {
      type: 'remove_reply_keyboard',
      text: 'Hello',
      reply_markup: { remove_keyboard: true },
    });
    desk.loseWebhooks(true);
    await desk.answer('Without an event');
    const failing = await becomes(desk.bot.channelId, 'inbox_in', 'failing');
    expect([failing.problem, failing.remedy]).toEqual([
      expect.stringContaining('found by a search'),
      expect.stringContaining('conversation.admin.replied'),
    ]);
    const { inbox_in } = await check(desk.bot.channelId);
    expect([inbox_in?.ok, inbox_in?.detail]).toEqual([false, expect.stringMatching(/No event of the inbox/)]);
    desk.loseWebhooks(false);
    await desk.answer('With an event');
    await becomes(desk.bot.channelId, 'inbox_in', 'alive');
  });

  it('reports that HubSpot revoked the grant, and how to connect again', async () => {
    const bot = await connectHubspotBot(rig);
    await becomes(bot.channelId, 'grant', 'alive');
    hubspot.uninstall(bot.portalId);
    const { grant, inbox_out } = await check(bot.channelId);
    expect([grant?.ok, inbox_out?.ok]).toEqual([false, false]);
    expect(grant?.detail).toContain(`chatferry workspaces connect --workspace ${bot.workspaceId}`);
    const failing = await becomes(bot.channelId, 'grant', 'failing');
    expect(failing.remedy).toContain(`chatferry workspaces connect --workspace ${bot.workspaceId}`);
    const renewal = await beginInstall(rig, { workspace_id: bot.workspaceId });
    expect((await renewal.decide(bot.portalId)).status).toBe(200);
    expect((await check(bot.channelId))['grant']?.ok).toBe(true);
    await becomes(bot.channelId, 'grant', 'alive');
  });
});

describe('the grant of a portal', () => {
  it('is renewed once for all replicas, also when HubSpot replaces the refresh token', async () => {
    const bot = await connectHubspotBot(rig);
    hubspot.setOptions(bot.portalId, { rotateRefreshTokens: true });
    const other = await rig.startAnother({ CHATFERRY_PORT: '0' });
    const granted = () =>
      feed.since(0).filter(({ name, data }) => name === 'token.granted' && data['portalId'] === bot.portalId).length;
    await rig.database.pool.query('update grants set expires_at = now() where workspace_id = $1', [bot.workspaceId]);
    const before = granted();
    const places = [rig.url, other.address ?? '', rig.url, other.address ?? ''];
    const checks = await Promise.all(places.map((place) => check(bot.channelId, place)));
    expect(checks.map(({ grant }) => grant?.ok)).toEqual([true, true, true, true]);
    expect(granted() - before).toBe(1);
  });
});

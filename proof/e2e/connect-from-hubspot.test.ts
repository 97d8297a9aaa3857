import { createBrowser } from '@chatferry/sandbox';
import { newCustomer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { beginInstall } from './connect.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

// The tests take the part of a proxy, to come from several addresses.
const rig = await startPublicRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });
const { hubspot, telegram } = rig.sandbox;

/** A portal whose app is connected, with one bot, so that the channel is registered. */
async function connectedPortal(options: object = {}) {
  const portal = hubspot.createPortal({ inboxes: [{ name: 'Sales' }, { name: 'Support' }], options });
  const { client_id, client_secret, developer_api_key, inbox_id } = portal;
  const inbox = { kind: 'hubspot', client_id, client_secret, developer_api_key, inbox_id };
  const install = await beginInstall(rig, { name: 'Acme', inbox });
  await install.decide(portal.portal_id);
  const { workspace_id: workspaceId } = await install.outcome();
  const token = telegram.createBot().token;
  const channel = await rig.admin('/api/v1/channels', {
    body: { workspace_id: workspaceId, bot_token: token, updates: 'polling' },
  });
  expect(channel.status).toBe(201);
  return { portal, workspaceId, token, channelId: await customChannelOf(portal.portal_id) };
}

/** As HubSpot lists it in the settings of an inbox. */
async function customChannelOf(portalId: string): Promise<string> {
  const { rows } = await rig.database.pool.query(
    `select inbox_ref->>'channelId' as id from channels c join workspaces w on w.id = c.workspace_id where w.inbox_account = $1`,
    [portalId],
  );
  return rows[0].id;
}

const chooseIn = (portal: { readonly portal_id: string }, channelId: string, inboxId?: string) =>
  hubspot.createStagingToken(portal.portal_id, { channel_id: channelId, inbox_id: inboxId }).url;

describe('a bot that is connected in the settings of a HubSpot inbox', () => {
  it.each(['on-return', 'at-once'])('writes into the inbox that was chosen there (%s)', async (stagedAccount) => {
    const { portal, workspaceId, channelId } = await connectedPortal({ stagedAccount });
    const support = portal.inboxes[1]?.id ?? '';
    const browser = createBrowser();
    const asked = await browser.open(chooseIn(portal, channelId, support));
    expect([asked.status, asked.html]).toEqual([200, expect.stringContaining('BotFather')]);
    const bot = telegram.createBot();
    const shown = await browser.submit(asked, { bot_token: bot.token });
    expect([new URL(shown.url).pathname, shown.status]).toEqual(['/hubspot/settings/channels/connected', 200]);

    const { body } = await rig.admin(`/api/v1/channels?workspace_id=${workspaceId}`);
    expect(body.data.map((channel: { bot: { id: string } }) => channel.bot.id)).toContain(String(bot.id));
    const ids = { workspaceId, channelId: '', key: '', keyId: '', token: bot.token, intercomId: '', intercomToken: '' };
    const { at } = newCustomer(rig, { ...ids, botId: bot.id, teammates: [] });
    telegram.text(at, { text: 'Hello from Telegram' });
    const thread = await eventually(() => {
      const found = hubspot.threads(portal.portal_id).find(({ last_text }) => last_text === 'Hello from Telegram');
      if (!found) throw new Error('it is not there yet');
      return found;
    });
    hubspot.reply(portal.portal_id, thread.id, { text: 'And back' });
    await eventually(() => expect(telegram.sent(at).map(({ text }) => text)).toContain('And back'));
  });

  it('is accepted once: a used link does not connect another bot', async () => {
    const { portal, channelId } = await connectedPortal();
    const link = chooseIn(portal, channelId);
    const browser = createBrowser();
    const bot = telegram.createBot();
    expect((await browser.submit(await browser.open(link), { bot_token: bot.token })).status).toBe(200);
    expect((await browser.submit(await browser.open(link), { bot_token: bot.token })).status).toBe(200);
    const other = await browser.submit(await browser.open(link), { bot_token: telegram.createBot().token });
    expect([other.status, other.html]).toEqual([409, expect.stringContaining('used before')]);
  });

  it('is refused with a malformed token, with a token that Telegram refuses, and with a forged link', async () => {
    const { portal, channelId } = await connectedPortal();
    const browser = createBrowser();
    const link = chooseIn(portal, channelId);
    expect((await browser.submit(await browser.open(link), { bot_token: 'hello' })).status).toBe(400);
    const bot = telegram.createBot();
    telegram.changeBot(bot.id, { revoked: true });
    const refused = await browser.submit(await browser.open(link), { bot_token: bot.token });
    expect([refused.status, refused.html]).toEqual([409, expect.stringContaining('BotFather')]);
    expect(refused.html).not.toContain(bot.token);
    const forged = new URL(link);
    forged.searchParams.set('accountToken', 'made-up');
    const page = await browser.open(forged.toString());
    expect((await browser.submit(page, { bot_token: telegram.createBot().token })).status).toBe(409);
  });

  it('redirects only to HubSpot', async () => {
    const { portal, channelId } = await connectedPortal();
    const changed = (name: string, value: string) => {
      const link = new URL(chooseIn(portal, channelId));
      link.searchParams.set(name, value);
      return link;
    };
    for (const elsewhere of [
      'https://evil.example/',
      'https://hubspot.com.evil.example/',
      'javascript:alert(1)',
      'https://a;sandbox;.hubspot.com/',
      "https://a'unsafe-inline'.hubspot.com/",
    ])
      expect((await fetch(changed('redirectUrl', elsewhere))).status).toBe(400);
    const page = await fetch(changed('redirectUrl', 'https://app-eu1.hubspot.com/live-messages-settings/1'));
    expect(page.status).toBe(200);
    // Chromium stops a form whose answer leads to an origin that is not named here.
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app-eu1.hubspot.com;");
    expect((await createBrowser().open(`${rig.url}/connect/hubspot/channel`)).status).toBe(400);
  });

  it('tells a stranger neither which portals are connected nor which tokens are valid', {
    timeout: 30_000,
  }, async () => {
    const { portal, channelId } = await connectedPortal();
    const link = (portalId: string) => {
      const changed = new URL(chooseIn(portal, channelId));
      changed.searchParams.set('portalId', portalId);
      changed.searchParams.set('accountToken', 'made-up');
      return changed.toString();
    };
    const good = telegram.createBot().token;
    const bad = telegram.createBot();
    telegram.changeBot(bad.id, { revoked: true });
    const seen = new Set<string>();
    const times: number[] = [];
    for (const [portalId, token] of [
      [portal.portal_id, good],
      [portal.portal_id, bad.token],
      ['987654321', good],
    ] as const) {
      const browser = createBrowser();
      const page = await browser.open(link(portalId));
      expect(page.html).not.toContain('Acme');
      const startedAt = performance.now();
      const answer = await browser.submit(page, { bot_token: token });
      times.push(performance.now() - startedAt);
      seen.add(`${page.status} ${answer.status} ${page.html}${answer.html}`.replaceAll(portalId, 'ID'));
    }
    expect([...seen]).toEqual([expect.stringContaining('workspaces connect')]);
    for (const time of times) expect(time).toBeGreaterThan(1_900);
    const reasons = rig.logLines.filter((line) => line.includes('"setup.refused"')).map((line) => JSON.parse(line));
    expect(reasons.at(-1)).toMatchObject({ account: '987654321', problem: 'the account is not connected' });
  });

  it('is connected while ten networks try all the time, for that portal too', { timeout: 60_000 }, async () => {
    const [attacked, other] = [await connectedPortal(), await connectedPortal()];
    const post = (link: string | URL, address: string) => {
      const body = new URLSearchParams({ bot_token: telegram.createBot().token });
      return fetch(link, { method: 'POST', body, redirect: 'manual', headers: { 'x-forwarded-for': address } });
    };
    const forged = new URL(chooseIn(attacked.portal, attacked.channelId));
    forged.searchParams.set('accountToken', 'made-up');
    const flood = Array.from({ length: 100 }, (_, index) => post(forged, `203.0.113.${index % 10}`));
    const first = await Promise.race(flood);
    expect(first.status).toBe(409);
    for (const [index, { portal, channelId }] of [attacked, other, attacked].entries())
      expect((await post(chooseIn(portal, channelId), `198.51.100.${index}`)).status).toBe(303);
    const refused = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(refused)).toEqual(new Set([409]));
  });

  it('cannot be tried without a limit', { timeout: 60_000 }, async () => {
    const { portal, channelId } = await connectedPortal();
    const link = new URL(chooseIn(portal, channelId));
    link.searchParams.set('accountToken', 'made-up');
    const body = new URLSearchParams({ bot_token: telegram.createBot().token });
    const post = () => fetch(link, { method: 'POST', body, redirect: 'manual' });
    const answers = await Promise.all(Array.from({ length: 20 }, post));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(10);
    for (const { headers } of limited) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

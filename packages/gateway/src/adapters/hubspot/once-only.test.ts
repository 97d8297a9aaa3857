import { systemClock } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterAll, describe, expect, it } from 'vitest';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import type { Inbox } from '../../ports/inbox.ts';
import { createTransport } from '../http/transport.ts';
import { openInbox } from '../registry.ts';

const clock = createManualClock(1_795_348_800_000);
const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
const url = await sandbox.listen();
const transport = createTransport({ clock, policy: anyAddress });

afterAll(async () => {
  await transport.close();
  await sandbox.close();
});

const webhookUrl = 'https://gw.example/hooks/hubspot/path';
const setupUrl = 'https://gw.example/connect/hubspot/setup';
const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };

/** A portal and our view of it. */
function openPortal(options: object = {}) {
  const portal = sandbox.hubspot.createPortal({ options });
  const { client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id } = portal;
  const settings = {
    kind: 'hubspot' as const,
    base_url: `${url}/hubspot`,
    client_id,
    client_secret,
    refresh_token,
    app_id,
    developer_api_key,
    inbox_id,
    contact_matching: { property: 'telegram_user_id', identifier: 'user_id', create: true, unique: true } as const,
  };
  const open = () => openInbox(bindSecrets(settings, [url]), { transport, clock, webhookUrl, setupUrl });
  return { portal, inbox: open(), openAgain: open };
}

async function ensureContact(inbox: Inbox) {
  const connected = await inbox.connectChannel(bot);
  if (connected.kind !== 'ok') throw new Error(connected.detail);
  const outcome = await inbox.ensureContact({
    channel: { ...bot, ref: connected.value },
    chat: { chatId: '42', kind: 'private', title: 'Ada', username: null, topicId: null },
    person: { userId: '42', name: 'Ada', username: null, languageCode: null },
  });
  if (outcome.kind !== 'ok') throw new Error(outcome.detail);
  return outcome.value.contactId;
}

describe('a contact property with unique values', () => {
  it('finds the contact that the search does not show yet, without a refused creation', async () => {
    const { portal, inbox, openAgain } = openPortal({ searchDelayMs: 60_000 });
    const first = await ensureContact(inbox);
    expect(await ensureContact(openAgain())).toBe(first);
    // A creation would be refused, because the value is taken.
    expect(sandbox.feed.since(0).filter(({ name }) => name === 'call.refused')).toEqual([]);
    expect(sandbox.hubspot.contacts(portal.portal_id)).toMatchObject([
      { id: first, properties: { telegram_user_id: '42', firstname: 'Ada' } },
    ]);
  });
});

describe('a channel of HubSpot that sends admins to another address', () => {
  it('is changed to the page of this gateway, and not registered again', async () => {
    const { portal, inbox } = openPortal();
    const developer = `hapikey=${portal.developer_api_key}&appId=${portal.app_id}`;
    const channels = `${url}/hubspot/conversations/custom-channels/2026-03?${developer}`;
    const capabilities = {
      deliveryIdentifierTypes: ['CHANNEL_SPECIFIC_OPAQUE_ID'],
      threadingModel: 'INTEGRATION_THREAD_ID',
      allowOutgoingMessages: true,
    };
    const made = await fetch(channels, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Telegram',
        webhookUrl,
        capabilities,
        channelAccountConnectionRedirectUrl: 'https://old.example/',
      }),
    });
    const { id } = (await made.json()) as { readonly id: string };
    await ensureContact(inbox);
    const { results } = (await (await fetch(channels)).json()) as { readonly results: readonly object[] };
    expect(results).toMatchObject([{ id, webhookUrl, channelAccountConnectionRedirectUrl: setupUrl }]);
  });
});

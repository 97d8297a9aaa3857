import { systemClock } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterAll, describe, expect, it } from 'vitest';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import { createTransport } from '../http/transport.ts';
import { openInbox } from '../registry.ts';
import { addressOfFile } from './attached-files.ts';

const clock = createManualClock(1_795_348_800_000);
const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
const url = await sandbox.listen();
const transport = createTransport({ clock, policy: anyAddress });
const portal = sandbox.hubspot.createPortal();
const { client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id } = portal;
const inbox = openInbox(
  bindSecrets(
    {
      kind: 'hubspot',
      base_url: `${url}/hubspot`,
      client_id,
      client_secret,
      refresh_token,
      app_id,
      developer_api_key,
      inbox_id,
    },
    [url],
  ),
  { transport, clock, webhookUrl: 'https://gw.example/hooks/hubspot' },
);
const limits = { maxBytes: 1_000, limitMs: 5_000 };

afterAll(async () => {
  await transport.close();
  await sandbox.close();
});

/** The id of a private file of the portal. */
async function upload(content: Buffer): Promise<string> {
  const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };
  const connected = await inbox.connectChannel(bot);
  if (connected.kind !== 'ok') throw new Error(connected.detail);
  const chat = { chatId: '42', kind: 'private', title: 'Ada', username: null, topicId: null } as const;
  const request = { channel: { ...bot, ref: connected.value }, chat, person: null };
  const file = { media: 'document', name: 'a.pdf', mediaType: 'application/pdf', content } as const;
  const appended = await inbox.append(
    { contact: { contactId: null, data: {} }, conversationId: null, generation: 0 },
    {
      key: 'entry-1',
      author: { kind: 'customer', name: 'Ada' },
      body: { blocks: [], extras: [] },
      attachments: [file],
      happenedAtMs: clock.nowMs(),
    },
    request,
  );
  if (appended.kind !== 'ok') throw new Error(appended.detail);
  const { entries } = sandbox.hubspot.transcript(portal.portal_id, appended.value.conversationId);
  return String(entries[0]?.attachments[0]?.['fileId']);
}

describe('a file that HubSpot names by its id', () => {
  it('is fetched from the address that HubSpot signs for it', async () => {
    const content = Buffer.from('the menu');
    const address = addressOfFile(await upload(content), null);
    expect(await inbox.fetchAttachment(address, limits)).toEqual({ kind: 'ok', content });
  });

  it('is refused permanently when the portal has no such file', async () => {
    expect((await inbox.fetchAttachment(addressOfFile('404404', null), limits)).kind).toBe('refused');
  });

  it('is fetched from the address of the event where HubSpot signs none', async () => {
    const content = Buffer.from('the bill');
    const shown = `data:application/pdf;base64,${content.toString('base64')}`;
    expect(await inbox.fetchAttachment(addressOfFile('404404', shown), limits)).toEqual({ kind: 'ok', content });
  });

  it('is unavailable for the moment while HubSpot does not answer', async () => {
    sandbox.faults.inject({ provider: 'hubspot', operation: '*', times: 1, effect: { kind: 'reset-before' } });
    expect((await inbox.fetchAttachment(addressOfFile('1', null), limits)).kind).toBe('unavailable');
  });
});

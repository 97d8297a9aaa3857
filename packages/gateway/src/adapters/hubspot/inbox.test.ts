import { type Effect, systemClock } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { type InboxHarness, inboxConformance, type Mishap } from '@chatferry/testkit/conformance/inbox';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import type { ContactRequest, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { createTransport } from '../http/transport.ts';
import { openInbox } from '../registry.ts';
import { hubspotInput } from './configuration.ts';

const startMs = 1_795_348_800_000;

interface Given {
  readonly matching?: {
    readonly property: string;
    readonly identifier: 'user_id' | 'username';
    readonly create: boolean;
  };
  readonly options?: object;
  readonly portal?: object;
}

async function start(given: Given = {}) {
  const clock = createManualClock(startMs);
  const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
  const url = await sandbox.listen();
  const portal = sandbox.hubspot.createPortal({ name: 'Acme', options: given.options, ...given.portal });
  const transport = createTransport({ clock, policy: anyAddress });
  const rotated: string[] = [];
  const open = (refreshToken: string) =>
    openInbox(
      bindSecrets(
        {
          kind: 'hubspot',
          base_url: `${url}/hubspot`,
          client_id: portal.client_id,
          client_secret: portal.client_secret,
          refresh_token: refreshToken,
          app_id: portal.app_id,
          developer_api_key: portal.developer_api_key,
          inbox_id: portal.inbox_id,
          ...(given.matching === undefined ? {} : { contact_matching: given.matching }),
        },
        [url],
      ),
      {
        transport,
        clock,
        webhookUrl: 'https://gw.example/hooks/hubspot/path',
        onRenewed: (input) => rotated.push(hubspotInput(input).refresh_token.revealFor(url)),
      },
    );
  const [first, second] = portal.users.map(({ id }) => id);
  if (first === undefined || second === undefined) throw new Error('the sandbox made a portal without two people');
  return {
    clock,
    sandbox,
    portal,
    rotated,
    open,
    inbox: open(portal.refresh_token),
    senderIds: [first, second] as const,
    async close() {
      await transport.close();
      await sandbox.close();
    },
  };
}

const effects: Readonly<Record<Mishap['effect'], Effect>> = {
  'reset-before': { kind: 'reset-before' },
  'reset-after': { kind: 'reset-after' },
  'truncate-after': { kind: 'truncate-after' },
  'server-error-after': { kind: 'answer-after', answer: { status: 502, body: {} } },
  'rate-limited': {
    kind: 'answer-before',
    answer: {
      status: 429,
      headers: { 'retry-after': '3' },
      body: { status: 'error', message: 'You have reached your ten_secondly_rolling limit.', category: 'RATE_LIMITS' },
    },
  },
};

const publication = 'POST /conversations/custom-channels/{version}/{channelId}/messages';
const operationOf = ({ on, author }: Mishap): string => {
  if (on === 'contact-creation') return 'POST /crm/objects/{version}/contacts';
  return author === 'note' ? 'POST /conversations/conversations/{version}/threads/{threadId}/messages' : publication;
};

async function harnessOf(given?: Given): Promise<InboxHarness> {
  const rig = await start(given);
  const { hubspot, faults } = rig.sandbox;
  const { portal_id: portalId } = rig.portal;
  return {
    inbox: rig.inbox,
    intruder: rig.open('no such token'),
    senderIds: rig.senderIds,
    nowMs: rig.clock.nowMs,
    passTime: rig.clock.advance,
    happen: (mishap) =>
      faults.inject({ provider: 'hubspot', operation: operationOf(mishap), times: 1, effect: effects[mishap.effect] }),
    read: (threadId) =>
      hubspot.transcript(portalId, threadId).entries.map((entry) => ({
        entryId: entry.id,
        author: entry.is_comment ? 'note' : entry.direction === 'OUTGOING' ? 'teammate' : 'customer',
        senderId: /^A-(\d+)$/.exec(entry.sender.actor_id)?.[1] ?? null,
        text: entry.text,
      })),
    readFiles: (threadId) =>
      Promise.all(
        hubspot.transcript(portalId, threadId).entries.map(({ attachments }) =>
          Promise.all(
            attachments.map(async (attachment) => {
              const url = new URL(String(attachment['url']), `${rig.sandbox.url}/hubspot/`);
              const content = Buffer.from(await (await fetch(url)).arrayBuffer());
              return { name: String(attachment['name']), mediaType: String(attachment['content_type']), content };
            }),
          ),
        ),
      ),
    // The app lacks the scope.
    refuseFiles: () =>
      faults.inject({
        provider: 'hubspot',
        operation: 'POST /files/{version}/files',
        times: 1,
        effect: { kind: 'answer-before', answer: { status: 403, body: { category: 'MISSING_SCOPES' } } },
      }),
    conversationCount: () => hubspot.threads(portalId).length,
    contactCount: () => hubspot.contacts(portalId).length,
    removeConversation: (threadId) => {
      hubspot.deleteThread(portalId, threadId);
    },
    close: rig.close,
  };
}

const byUserId = { property: 'telegram_user_id', identifier: 'user_id', create: true } as const;

inboxConformance('HubSpot', () => harnessOf());
inboxConformance('HubSpot with contacts', () => harnessOf({ matching: byUserId }));
inboxConformance('HubSpot with contacts by a property that is not unique', () =>
  harnessOf({ matching: byUserId, portal: { contact_properties: [{ name: 'telegram_user_id', unique: false }] } }),
);

const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };
const chat = { chatId: '42', kind: 'private', title: 'Ada', username: 'ada', topicId: null } as const;
const person = { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' };

function okOf<T>(outcome: InboxOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`expected an answer, got ${outcome.kind}: ${outcome.detail}`);
}

describe('the HubSpot inbox', () => {
  let rig: Awaited<ReturnType<typeof start>>;
  const arrange = async (given?: Given): Promise<ContactRequest> => {
    rig = await start(given);
    return { channel: { ...bot, ref: okOf(await rig.inbox.connectChannel(bot)) }, chat, person };
  };
  afterEach(() => rig.close());

  const entry = (author: InboxEntry['author'], text: string, more: Partial<InboxEntry> = {}): InboxEntry => ({
    key: text,
    author,
    body: { blocks: [{ kind: 'text', text }], extras: [] },
    happenedAtMs: rig.clock.nowMs(),
    ...more,
  });
  const customer = { kind: 'customer', name: 'Ada Lovelace' } as const;
  const linkTo = async (request: ContactRequest): Promise<ConversationLink> => ({
    contact: okOf(await rig.inbox.ensureContact(request)),
    conversationId: null,
    generation: 0,
  });
  const threads = () => rig.sandbox.hubspot.threads(rig.portal.portal_id);

  it('has one channel for all bots, and one account for each bot', async () => {
    const request = await arrange();
    const again = okOf(await rig.open(rig.portal.refresh_token).connectChannel(bot));
    expect(again).toEqual(request.channel.ref);
    const other = okOf(await rig.open(rig.portal.refresh_token).connectChannel({ ...bot, botId: '100' }));
    expect(other['channelId']).toBe(again['channelId']);
    expect(other['channelAccountId']).not.toBe(again['channelAccountId']);
  });

  it('associates the thread with the contact that has the property', async () => {
    const request = await arrange({ matching: byUserId });
    const link = await linkTo(request);
    okOf(await rig.inbox.append(link, entry(customer, 'Hi'), request));
    expect(threads()).toMatchObject([
      { contact: { id: link.contact.contactId, properties: { telegram_user_id: '42', firstname: 'Ada Lovelace' } } },
    ]);
  });

  it('opens the conversation without a contact when the portal refuses it, and returns the reason', async () => {
    const request = await arrange({ matching: { ...byUserId, property: 'no_such_property' } });
    const link = await linkTo(request);
    expect(link.contact).toMatchObject({
      contactId: null,
      data: { refused: expect.stringContaining('no_such_property') },
    });
    okOf(await rig.inbox.append(link, entry(customer, 'Hi'), request));
  });

  it('creates no contact when it may only search', async () => {
    const request = await arrange({ matching: { ...byUserId, create: false } });
    expect((await linkTo(request)).contact.contactId).toBeNull();
    expect(rig.sandbox.hubspot.contacts(rig.portal.portal_id)).toEqual([]);
  });

  it('reports that the contact is gone', async () => {
    const request = await arrange({ matching: byUserId });
    const link = await linkTo(request);
    rig.sandbox.hubspot.deleteContact(rig.portal.portal_id, link.contact.contactId ?? '');
    expect(await rig.inbox.append(link, entry(customer, 'Hi'), request)).toMatchObject({
      kind: 'gone',
      what: 'contact',
    });
  });

  it('finds the contact with a unique value that the search does not show yet', async () => {
    const request = await arrange({ matching: byUserId, options: { searchDelayMs: 60_000 } });
    const first = await linkTo(request);
    expect((await linkTo(request)).contact).toEqual(first.contact);
  });

  it('has a thread for each chat, topic and generation', async () => {
    const request = await arrange();
    const link = await linkTo(request);
    const topic = { ...request, chat: { ...chat, topicId: '7' } };
    const other = { ...request, chat: { ...chat, chatId: '43' } };
    const ids = [
      okOf(await rig.inbox.append(link, entry(customer, 'a'), request)),
      okOf(await rig.inbox.append(link, entry(customer, 'b'), topic)),
      okOf(await rig.inbox.append(link, entry(customer, 'c'), other)),
      okOf(await rig.inbox.append({ ...link, generation: 1 }, entry(customer, 'd'), request)),
    ].map(({ conversationId }) => conversationId);
    expect(new Set(ids).size).toBe(4);
  });

  it('continues with a new token when the old one expired, and stores a rotated refresh token first', async () => {
    const request = await arrange({ options: { rotateRefreshTokens: true } });
    const link = await linkTo(request);
    rig.clock.advance(31 * 60_000);
    okOf(await rig.inbox.append(link, entry(customer, 'Hi'), request));
    expect(rig.rotated).toHaveLength(2);
    okOf(await rig.open(rig.rotated[1] ?? '').describe());
  });

  it('reports a broken credential once the app was uninstalled', async () => {
    const request = await arrange();
    const link = await linkTo(request);
    rig.sandbox.hubspot.uninstall(rig.portal.portal_id);
    expect((await rig.inbox.append(link, entry(customer, 'Hi'), request)).kind).toBe('broken');
  });

  it('publishes a location and a contact as such', async () => {
    const request = await arrange();
    const extras = [
      { kind: 'location', latitude: 59.3, longitude: 18.1, name: null, address: null },
      { kind: 'contact', name: 'Bo', phone: '+461' },
    ] as const;
    const blocks = [{ kind: 'text', text: 'here' }] as const;
    const said = entry(customer, 'here', { body: { blocks, extras } });
    const { conversationId } = okOf(await rig.inbox.append(await linkTo(request), said, request));
    const [only] = rig.sandbox.hubspot.transcript(rig.portal.portal_id, conversationId).entries;
    expect(only?.attachments.map(({ type }) => type)).toEqual(['LOCATION', 'CONTACT']);
  });
});

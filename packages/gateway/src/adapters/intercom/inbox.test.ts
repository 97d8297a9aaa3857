import { type Effect, systemClock } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { type InboxHarness, inboxConformance, type Mishap } from '@chatferry/testkit/conformance/inbox';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import type { ContactLink, ContactRequest, ConversationLink, InboxEntry } from '../../ports/inbox.ts';
import { createTransport } from '../http/transport.ts';
import { openInbox } from '../registry.ts';

const startMs = 1_795_348_800_000;

async function start(given: { readonly role?: 'lead' | 'user'; readonly options?: object } = {}) {
  const clock = createManualClock(startMs);
  const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
  const url = await sandbox.listen();
  const workspace = sandbox.intercom.createWorkspace({ name: 'Acme', options: given.options });
  const transport = createTransport({ clock, policy: anyAddress });
  const open = (accessToken: string) =>
    openInbox(
      bindSecrets(
        {
          kind: 'intercom',
          region: 'us',
          contact_role: given.role ?? 'lead',
          base_url: `${url}/intercom`,
          access_token: accessToken,
          client_secret: workspace.client_secret,
        },
        [url],
      ),
      {
        transport,
        clock,
        webhookUrl: null,
      },
    );
  const [first, second] = workspace.admins.map(({ id }) => id);
  if (first === undefined || second === undefined) throw new Error('the sandbox made a workspace without two people');
  return {
    clock,
    sandbox,
    url,
    transport,
    workspace,
    inbox: open(workspace.access_token),
    intruder: open('no such token'),
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
  'server-error-after': { kind: 'answer-after', answer: { status: 503, body: {} } },
  'rate-limited': {
    kind: 'answer-before',
    answer: {
      status: 429,
      headers: { 'x-ratelimit-reset': String(startMs / 1000 + 4) },
      body: { type: 'error.list', errors: [{ code: 'rate_limit_exceeded', message: 'Exceeded rate limit' }] },
    },
  },
};

const operationOf = ({ on, author }: Mishap): string => {
  if (on === 'contact-creation') return 'POST /contacts';
  if (on === 'joining') return 'POST /conversations/{id}/reply';
  return author === 'teammate' ? 'POST /messages' : 'POST /conversations';
};

async function harnessOf(given?: Parameters<typeof start>[0]): Promise<InboxHarness> {
  const rig = await start(given);
  const { intercom, faults } = rig.sandbox;
  const { workspace_id: workspaceId } = rig.workspace;
  return {
    inbox: rig.inbox,
    intruder: rig.intruder,
    senderIds: rig.senderIds,
    nowMs: rig.clock.nowMs,
    passTime: rig.clock.advance,
    happen: (mishap) =>
      faults.inject({
        provider: 'intercom',
        operation: operationOf(mishap),
        times: 1,
        effect: effects[mishap.effect],
      }),
    read: (conversationId) =>
      intercom.transcript(workspaceId, conversationId).entries.map((entry) => ({
        entryId: entry.id,
        author: entry.is_note ? 'note' : entry.author.type === 'admin' ? 'teammate' : 'customer',
        senderId: entry.author.type === 'admin' ? entry.author.id : null,
        text: entry.text,
      })),
    readFiles: (conversationId) =>
      Promise.all(
        intercom.transcript(workspaceId, conversationId).entries.map(({ attachments }) =>
          Promise.all(
            attachments.map(async ({ name, url, content_type }) => {
              const content = Buffer.from(await (await fetch(url)).arrayBuffer());
              return { name, mediaType: content_type, content };
            }),
          ),
        ),
      ),
    refuseFiles: () =>
      faults.inject({
        provider: 'intercom',
        operation: 'POST /conversations/{id}/reply',
        times: 1,
        effect: { kind: 'answer-before', answer: { status: 413, body: {} } },
      }),
    conversationCount: () => intercom.conversations(workspaceId).length,
    contactCount: () => intercom.contacts(workspaceId).length,
    removeConversation: (conversationId) => {
      intercom.deleteConversation(workspaceId, conversationId);
    },
    close: rig.close,
  };
}

inboxConformance('Intercom with leads', () => harnessOf());
inboxConformance('Intercom with users', () => harnessOf({ role: 'user' }));
inboxConformance('Intercom that hides the new conversation and wants in_app', () =>
  harnessOf({ options: { messageConversationId: 'absent', messageTypes: ['in_app'] } }),
);
inboxConformance('Intercom that wants the spelling of its own clients', () =>
  harnessOf({ options: { messageTypes: ['inapp'] } }),
);

const bot = { botId: '99', username: 'shop_bot', name: 'Shop', ref: {} };
const request: ContactRequest = {
  channel: bot,
  chat: { chatId: '42', kind: 'private', title: 'Ada', username: 'ada', topicId: null },
  person: { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' },
};

describe('Intercom contacts', () => {
  let rig: Awaited<ReturnType<typeof start>>;
  const arrange = async (given?: Parameters<typeof start>[0]) => {
    rig = await start(given);
    return rig;
  };
  afterEach(() => rig.close());

  const link = (contact: ContactLink): ConversationLink => ({ contact, conversationId: null, generation: 0 });
  const entry = (author: InboxEntry['author'], text: string): InboxEntry => ({
    key: text,
    author,
    body: { blocks: [{ kind: 'text', text }], extras: [] },
    happenedAtMs: startMs,
  });
  const ensured = async () => {
    const outcome = await rig.inbox.ensureContact(request);
    if (outcome.kind !== 'ok') throw new Error(`expected a contact, got ${outcome.kind}: ${outcome.detail}`);
    return outcome.value;
  };
  const contacts = () => rig.sandbox.intercom.contacts(rig.workspace.workspace_id);
  const call = (method: string, path: string, body?: object) =>
    rig.transport.call({
      url: `${rig.url}/intercom${path}`,
      method: method === 'DELETE' ? 'DELETE' : 'POST',
      headers: {
        authorization: `Bearer ${rig.workspace.access_token}`,
        'content-type': 'application/json',
        'intercom-version': '2.16',
      },
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      limitMs: 10_000,
    });

  it('have the chat and no e-mail, also when the attributes did not exist', async () => {
    await arrange();
    await ensured();
    expect(contacts()).toMatchObject([
      {
        role: 'lead',
        name: 'Ada Lovelace',
        email: '',
        custom_attributes: { telegram_chat_id: '99:42', telegram_username: 'ada', telegram_language: 'en' },
      },
    ]);
  });

  it('are found by their attribute after the team made them users', async () => {
    await arrange();
    const lead = await ensured();
    const made = await call('POST', '/contacts', { role: 'user', email: 'ada@example.com' });
    const user = made.kind === 'answered' ? JSON.parse(made.body.toString()).id : '';
    rig.sandbox.intercom.mergeContacts(rig.workspace.workspace_id, { from: lead.contactId ?? '', into: user });
    const outcome = await rig.inbox.append(link(lead), entry({ kind: 'customer', name: 'Ada' }, 'Hi'), request);
    expect(outcome).toMatchObject({ kind: 'gone', what: 'contact' });
    const successor = outcome.kind === 'gone' ? outcome.successor : undefined;
    expect(successor).toEqual({ contactId: user, data: { role: 'user' } });
    if (successor === undefined) return;
    const again = await rig.inbox.append(link(successor), entry({ kind: 'customer', name: 'Ada' }, 'Hi'), request);
    expect(again.kind).toBe('ok');
  });

  it('are taken back out of the archive', async () => {
    await arrange({ role: 'user' });
    const first = await ensured();
    await call('POST', `/contacts/${first.contactId}/archive`);
    expect(await ensured()).toEqual(first);
    expect(contacts()).toMatchObject([{ state: 'live' }]);
  });

  it('are created again when the old one was deleted for good and its external id is locked', async () => {
    await arrange({ role: 'user' });
    const first = await ensured();
    await call('DELETE', `/contacts/${first.contactId}`);
    const second = await ensured();
    expect(second.contactId).not.toBe(first.contactId);
    expect(await ensured()).toEqual(second);
  });

  it('that are gone are reported as gone', async () => {
    await arrange();
    const contact = await ensured();
    await call('DELETE', `/contacts/${contact.contactId}`);
    const outcome = await rig.inbox.append(link(contact), entry({ kind: 'customer', name: 'Ada' }, 'Hi'), request);
    expect(outcome).toMatchObject({ kind: 'gone', what: 'contact' });
  });

  it('that accept no message yet are waited for', async () => {
    await arrange({ options: { unmessageableMs: 3_000 } });
    const contact = await ensured();
    const hello = entry({ kind: 'teammate', senderId: null }, 'Hello');
    expect(await rig.inbox.append(link(contact), hello, request)).toMatchObject({ kind: 'deferred' });
    rig.clock.advance(3_000);
    expect((await rig.inbox.append(link(contact), hello, request)).kind).toBe('ok');
  });

  it('that cannot be searched yet are not created twice: an uncertain creation is repeated late', async () => {
    await arrange({ options: { searchDelayMs: 60_000 } });
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: 'POST /contacts',
      times: 2,
      effect: { kind: 'reset-after' },
    });
    await rig.inbox.connectChannel(bot);
    const lost = await rig.inbox.ensureContact(request);
    expect(lost.kind).toBe('deferred');
    rig.clock.advance(lost.kind === 'deferred' ? (lost.retryAfterMs ?? 0) : 0);
    await ensured();
    expect(contacts()).toHaveLength(1);
  });

  it('get no notification in the Messenger when a teammate’s message is recorded', async () => {
    await arrange();
    const contact = await ensured();
    const opened = await rig.inbox.append(link(contact), entry({ kind: 'customer', name: 'Ada' }, 'Hi'), request);
    if (opened.kind !== 'ok') throw new Error(opened.detail);
    const { conversationId } = opened.value;
    await rig.inbox.append(
      { ...link(contact), conversationId },
      entry({ kind: 'teammate', senderId: null }, 'Yes?'),
      request,
    );
    const { entries } = rig.sandbox.intercom.transcript(rig.workspace.workspace_id, conversationId);
    expect(entries.at(-1)).toMatchObject({ text: 'Yes?', is_notified: false, author: { id: rig.senderIds[0] } });
  });
});

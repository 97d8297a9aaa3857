import { plainText } from '../../core/inbox/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryReport, Inbox, InboxAccount, InboxOutcome, ReplyRef } from '../../ports/inbox.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import type { Transport } from '../http/transport.ts';
import type { InboxOptions } from '../inbox-adapter.ts';
import { createArrangements } from './arrangements.ts';
import { attachmentHosts } from './attachment-hosts.ts';
import { ensureAttributes } from './attributes.ts';
import { checkRegion } from './check-region.ts';
import { checkRules } from './check-rules.ts';
import { createClient, type IntercomClient } from './client.ts';
import { createContacts } from './contacts.ts';
import { appendEntry, findEntry } from './conversations.ts';
import { troubleText } from './delivery-notes.ts';
import { findRegion } from './find-region.ts';
import { changedConversations, partsAround, partsSince } from './history.ts';
import { bodyHash } from './normalise.ts';
import { addNote, type NoteDeps } from './notes.ts';
import { createConversationOpener } from './open-conversation.ts';
import { createReplies } from './replies.ts';
import { apiAddress, type IntercomCredential, type IntercomSettings, type Region } from './settings.ts';
import { createTeammates, type Teammates } from './teammates.ts';

export interface IntercomOptions {
  readonly settings: IntercomSettings;
  readonly credential: IntercomCredential;
  readonly transport: Pick<Transport, 'call'>;
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
  readonly onAnswer?: InboxOptions['onAnswer'];
}

/**
 * One Intercom workspace. An entry by a teammate is an admin's comment, one by the customer a contact's reply, and a note an
 * admin's note. A note that has no conversation yet opens it in the contact's name, its words in brackets.
 */
export function openIntercom(options: IntercomOptions): Inbox {
  const { settings, clock, guardedFetch } = options;
  const origins = settings.base_url === undefined ? [] : [new URL(apiAddress(settings)).origin];
  const client = clientOf(options, settings.region);
  const contacts = createContacts(client, settings.contact_role);
  const teammates = createTeammates(client, clock, settings.default_sender_id ?? null);
  const replies = createReplies(client, contacts);
  const conversations = { opener: createConversationOpener(client, contacts), replies, teammates };
  const notes = { replies, teammates };
  return {
    // Intercom: `POST /conversations` and `POST /messages` take no `attachment_files`.
    opensWithFiles: false,
    describe: () => describeWorkspace(options, teammates),
    listTeammates: () => teammates.list(),
    connectChannel: () => prepareContacts(client),
    ensureContact: (request) => contacts.ensure(request),
    append: (link, entry) => appendEntry(conversations, link, entry),
    find: (link, entry) => findEntry(conversations, link, entry),
    addNote: (note) => addNote(notes, note),
    textHashOf: (body) => bodyHash(plainText(body)),
    fetchAttachment: (url, limits) => guardedFetch({ url, hosts: attachmentHosts, origins, ...limits }),
    reportDelivery: (reply, report) => reportDelivery(notes, clock, reply, report),
    changedConversations: (sinceMs, cursor) => changedConversations(client, sinceMs, cursor),
    complete: (reply) => partsAround(client, reply, clock.nowMs()),
    recentEvents: (conversationId, sinceMs) => partsSince(client, conversationId, sinceMs),
    checkSettings: () => checkRegion(teammates, settings),
    contacts: { offerPhone: contacts.offerPhone, rename: contacts.rename },
    arrangements: {
      ...createArrangements(client, teammates),
      check: (rules) => checkRules(client, teammates, rules),
    },
  };
}

const clientOf = (
  { settings, credential, transport, clock, onAnswer }: IntercomOptions,
  region: Region,
): IntercomClient =>
  createClient({
    transport,
    clock,
    onAnswer,
    baseUrl: apiAddress({ ...settings, region }),
    accessToken: credential.access_token,
    secrets: [credential.access_token, ...(credential.client_secret ? [credential.client_secret] : [])],
  });

async function describeWorkspace(options: IntercomOptions, teammates: Teammates): Promise<InboxOutcome<InboxAccount>> {
  const account = await teammates.account();
  if (account.kind === 'broken') return explainRegion(options, account);
  if (account.kind !== 'ok') return account;
  const { name, adminId, id } = account.value;
  const defaultSender = options.settings.default_sender_id ?? adminId;
  return { kind: 'ok', value: { account: name, accountId: id, defaultSender } };
}

/** Intercom refuses a token outside its own region in the same words as an invalid one: asks the other regions. */
async function explainRegion(
  options: IntercomOptions,
  refused: Extract<InboxOutcome<never>, { kind: 'broken' }>,
): Promise<InboxOutcome<never>> {
  const { settings } = options;
  if (apiAddress({ ...settings, region: 'us' }) === apiAddress({ ...settings, region: 'eu' })) return refused;
  const found = await findRegion((region) => clientOf(options, region), settings.region);
  if (found.kind !== 'ok') return refused;
  const detail = `${refused.detail}; Intercom hosts this workspace elsewhere: set region to ${found.value}`;
  return { ...refused, detail };
}

/** Intercom has no channels: a bot only needs the attributes of contacts. */
async function prepareContacts(client: IntercomClient): Promise<InboxOutcome<Readonly<Record<string, string>>>> {
  const outcome = await ensureAttributes(client);
  return outcome.kind === 'ok' ? { kind: 'ok', value: {} } : outcome;
}

async function reportDelivery(
  notes: NoteDeps,
  clock: Clock,
  { conversationId, entryId }: ReplyRef,
  report: DeliveryReport,
): Promise<InboxOutcome<true>> {
  if (report.kind === 'delivered') return { kind: 'ok', value: true };
  return addNote(notes, { conversationId, entryId, text: troubleText(report), happenedAtMs: clock.nowMs() });
}

import { inboxKinds } from '@chatferry/gateway/internal/adapters/registry';
import { plainText } from '@chatferry/gateway/internal/core/inbox/entry';
import type { AgentReply, InboxEvent } from '@chatferry/gateway/internal/core/inbox/inbox-event';
import { plain } from '@chatferry/gateway/internal/core/message/rich-text';
import type {
  AppendedEntry,
  ConversationLink,
  DeliveryReport,
  InboxEntry,
  InboxOutcome,
} from '@chatferry/gateway/internal/ports/inbox';
import type { ConnectableKind, InboxKind } from '@chatferry/gateway/internal/ports/inbox-kind';
import { hashOf } from './channel-kind.ts';
import { startOfTimeMs, textIn, type World } from './world.ts';

/** An entry in an inbox: the truth about what was written there. */
export interface StandingEntry {
  readonly entryId: string;
  /** Its place in the order of everything that was ever written into this inbox. */
  readonly index: number;
  readonly conversationId: string;
  readonly author: 'teammate' | 'customer' | 'note' | 'agent';
  readonly text: string;
  readonly shown: string;
  readonly atMs: number;
}

interface Conversation {
  readonly id: string;
  readonly contactId: string;
  readonly entries: StandingEntry[];
  isGone: boolean;
}

/** How a contact of a chat is known again: `<id of the bot>:<id of the chat>`. */
export type ContactName = `${string}:${string}`;

/** An event of this world's inboxes, as the body of a webhook has it. */
export interface SimulatedInboxEvent {
  readonly eventId: string;
  readonly conversationId: string;
  readonly event: InboxEvent;
}

export interface InboxServer {
  readonly workspaceId: string;
  readonly entries: readonly StandingEntry[];
  /** What was reported to the agent about each reply. */
  readonly reports: ReadonlyMap<string, readonly DeliveryReport['kind'][]>;
  isDown: boolean;
  /** It takes calls, carries out some of them, and answers none. */
  hangs: boolean;
  /** When it carried out the first call since this was last null, in virtual time. */
  answeredAtMs: number | null;
  refusesCredential: boolean;
  ensureContact(chat: ContactName): string;
  append(link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry>;
  find(link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry | null>;
  report(entryId: string, report: DeliveryReport): void;
  /** An agent answers in a conversation that is there, of this chat if one is named; null where there is none. */
  answer(text: string, chat?: ContactName): StandingEntry | null;
  changedSince(sinceMs: number): readonly string[];
  /** Null where the conversation is gone. */
  eventsSince(conversationId: string, sinceMs: number): readonly Buffer[] | null;
  /** The whole event of an entry. */
  complete(entryId: string): readonly Buffer[];
}

/** The entry that an event is about. */
export function entryIdOf(raw: Buffer): string | null {
  const { event } = JSON.parse(raw.toString('utf8')) as SimulatedInboxEvent;
  return event.kind === 'reply' || event.kind === 'incomplete' ? event.reply.entryId : null;
}

export const simulatedInboxKind: InboxKind<ConnectableKind> = {
  ...inboxKinds.intercom,
  webhookTopics: [],
  repeatsCalls: false,
  hasSignature: () => true,
  verify: () => true,
  accountOf: () => null,
  identify(raw) {
    const { eventId, conversationId } = JSON.parse(raw.toString('utf8')) as SimulatedInboxEvent;
    return { eventId, conversationId, kindOfEvent: 'reply' };
  },
  decode: (raw) => [(JSON.parse(raw.toString('utf8')) as SimulatedInboxEvent).event],
};

/** Sends an event to the gateway: early or late, once or several times, or never. */
export type Emit = (workspaceId: string, raw: Buffer) => void;

interface State {
  readonly world: World;
  readonly workspaceId: string;
  readonly emit: Emit;
  readonly contacts: Map<ContactName, string>;
  readonly conversations: Map<string, Conversation>;
  readonly entries: StandingEntry[];
  readonly reports: Map<string, DeliveryReport['kind'][]>;
  events: number;
}

export function createInboxServer(world: World, workspaceId: string, emit: Emit): InboxServer {
  const state: State = {
    world,
    workspaceId,
    emit,
    contacts: new Map(),
    conversations: new Map(),
    entries: [],
    reports: new Map(),
    events: 0,
  };
  const { entries, reports } = state;
  return {
    workspaceId,
    entries,
    reports,
    isDown: false,
    hangs: false,
    answeredAtMs: null,
    refusesCredential: false,
    ensureContact: (chat) => ensureContact(state, chat),
    append: (link, entry) => append(state, link, entry),
    find: (link, entry) => find(state, link, entry),
    report(entryId, { kind }) {
      const known = reports.get(entryId);
      if (known) known.push(kind);
      else reports.set(entryId, [kind]);
      world.kernel.note('report', () => `${kind} of ${entryId}`);
    },
    answer: (text, chat) => answer(state, text, chat),
    changedSince: (sinceMs) =>
      [...state.conversations.values()]
        .filter((one) => !one.isGone && (one.entries.at(-1)?.atMs ?? 0) >= sinceMs)
        .map(({ id }) => id),
    eventsSince: (conversationId, sinceMs) =>
      findOpen(state, conversationId)
        ?.entries.filter(({ author, atMs }) => (author === 'agent' || author === 'teammate') && atMs >= sinceMs)
        .map((entry) => toEvent(state, entry)) ?? null,
    complete(entryId) {
      const entry = entries.find((one) => one.entryId === entryId);
      return entry ? [toEvent(state, entry)] : [];
    },
  };
}

function ensureContact({ contacts, workspaceId }: State, chat: ContactName): string {
  const known = contacts.get(chat) ?? `${workspaceId}-p${contacts.size}`;
  contacts.set(chat, known);
  return known;
}

const gone = { kind: 'gone', what: 'conversation', detail: 'conversation not found' } as const;

const toAppended = ({ entryId, conversationId }: StandingEntry): AppendedEntry => ({
  entryId,
  conversationId,
  remark: null,
});

function append(state: State, link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry> {
  const { dice, profile, strikes } = state.world;
  const rates = profile.inbox;
  const conversation =
    link.conversationId === null ? open(state, contactOf(link)) : findOpen(state, link.conversationId);
  if (conversation && link.conversationId !== null && strikes('conversation gone', rates.gone))
    conversation.isGone = true;
  if (!conversation || conversation.isGone) return gone;
  const written = write(state, conversation, entry.author.kind, plainText(entry.body));
  if (entry.author.kind === 'teammate' && dice.chance(rates.echo)) notify(state, written);
  return { kind: 'ok', value: toAppended(written) };
}

function find(state: State, link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry | null> {
  const shown = plainText(entry.body);
  const conversation = link.conversationId === null ? null : findOpen(state, link.conversationId);
  if (link.conversationId !== null && conversation === null) return gone;
  const searched = conversation
    ? [conversation]
    : [...state.conversations.values()].filter((one) => one.contactId === contactOf(link) && !one.isGone);
  const after = Number(link.lastEntryId?.split('-e')[1] ?? -1);
  const found = searched
    .flatMap(({ entries }) => entries)
    .find(({ index, author, shown: text }) => index > after && author === entry.author.kind && text === shown);
  return { kind: 'ok', value: found ? toAppended(found) : null };
}

function answer(state: State, text: string, chat: ContactName | undefined): StandingEntry | null {
  const wanted = chat === undefined ? null : (state.contacts.get(chat) ?? '');
  const there = [...state.conversations.values()].filter(
    ({ isGone, contactId }) => !isGone && (wanted === null || contactId === wanted),
  );
  if (there.length === 0) return null;
  const entry = write(state, state.world.dice.pick(there), 'agent', text);
  notify(state, entry);
  return entry;
}

function write(
  { world, workspaceId, entries }: State,
  conversation: Conversation,
  author: StandingEntry['author'],
  shown: string,
): StandingEntry {
  const index = entries.length;
  const entry = {
    entryId: `${workspaceId}-e${index}`,
    index,
    conversationId: conversation.id,
    author,
    text: textIn(shown) ?? '',
    shown,
    atMs: startOfTimeMs + world.kernel.nowMs(),
  };
  entries.push(entry);
  conversation.entries.push(entry);
  world.kernel.note('entry', () => `${entry.text} by ${author} in ${conversation.id} as ${entry.entryId}`);
  return entry;
}

/** One notification for each topic: the same entry comes under several ids. */
function notify(state: State, entry: StandingEntry): void {
  const { dice, profile, strikes } = state.world;
  const rates = profile.inbox;
  const copies = dice.chance(0.3) ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    if (strikes('event lost', rates.lost)) continue;
    const { conversationId, entryId, atMs } = entry;
    const event: InboxEvent = dice.chance(rates.incomplete)
      ? { kind: 'incomplete', reply: { conversationId, entryId, happenedAtMs: atMs } }
      : { kind: 'reply', reply: toReply(state, entry) };
    state.emit(state.workspaceId, encode(state, entry, event));
  }
}

const toReply = ({ world }: State, entry: StandingEntry): AgentReply => ({
  conversationId: entry.conversationId,
  entryId: entry.entryId,
  author: { id: 'admin-1', name: 'Ada', kind: 'teammate' },
  body: plain(entry.shown),
  attachments: [],
  quickReplies: [],
  happenedAtMs: entry.atMs,
  markedOurs: entry.author === 'teammate' && world.profile.inbox.marked,
  textHash: hashOf(entry.shown),
});

const toEvent = (state: State, entry: StandingEntry): Buffer =>
  encode(state, entry, { kind: 'reply', reply: toReply(state, entry) });

function encode(state: State, { conversationId }: StandingEntry, event: InboxEvent): Buffer {
  state.events += 1;
  const encoded: SimulatedInboxEvent = { eventId: `${state.workspaceId}-v${state.events}`, conversationId, event };
  return Buffer.from(JSON.stringify(encoded));
}

function findOpen({ conversations }: State, conversationId: string): Conversation | null {
  const conversation = conversations.get(conversationId);
  return conversation === undefined || conversation.isGone ? null : conversation;
}

function open({ conversations, workspaceId }: State, contactId: string): Conversation {
  const conversation = { id: `${workspaceId}-c${conversations.size}`, contactId, entries: [], isGone: false };
  conversations.set(conversation.id, conversation);
  return conversation;
}

function contactOf({ contact }: ConversationLink): string {
  if (contact.contactId === null) throw new Error('the link names no contact of the simulated inbox');
  return contact.contactId;
}

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
import type { InboxKind } from '@chatferry/gateway/internal/ports/inbox-kind';
import { hashOf } from './channel-kind.ts';
import { startOfTimeMs, textIn, type World } from './world.ts';

/** What stands in an inbox: the truth about what was written there. */
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

/** An event of this world's inboxes, as it stands in a webhook's body. */
export interface SimulatedInboxEvent {
  readonly eventId: string;
  readonly conversationId: string;
  readonly event: InboxEvent;
}

export interface InboxServer {
  readonly workspaceId: string;
  readonly entries: readonly StandingEntry[];
  /** What the agent was told of each reply. */
  readonly reports: ReadonlyMap<string, readonly DeliveryReport['kind'][]>;
  isDown: boolean;
  refusesCredential: boolean;
  ensureContact(chat: string): string;
  append(link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry>;
  find(link: ConversationLink, entry: InboxEntry): InboxOutcome<AppendedEntry | null>;
  report(entryId: string, report: DeliveryReport): void;
  /** An agent answers in a conversation that is there; null where there is none. */
  answer(text: string): StandingEntry | null;
  changedSince(sinceMs: number): readonly string[];
  /** Null where the conversation is gone. */
  eventsSince(conversationId: string, sinceMs: number): readonly Buffer[] | null;
  /** The whole event of an entry. */
  complete(entryId: string): readonly Buffer[];
}

export const simulatedInboxKind: InboxKind = {
  ...inboxKinds.intercom,
  webhookTopics: [],
  repeatsCalls: false,
  verify: () => true,
  accountOf: () => null,
  identify(raw) {
    const { eventId, conversationId } = JSON.parse(raw.toString('utf8')) as SimulatedInboxEvent;
    return { eventId, conversationId, kindOfEvent: 'reply' };
  },
  decode: (raw) => [(JSON.parse(raw.toString('utf8')) as SimulatedInboxEvent).event],
};

/** Tells the gateway of an event, sooner or later, once or more often, or never. */
export type Emit = (workspaceId: string, raw: Buffer) => void;

export function createInboxServer(world: World, workspaceId: string, emit: Emit): InboxServer {
  const { kernel, dice, profile } = world;
  const rates = profile.inbox;
  const contacts = new Map<string, string>();
  const conversations = new Map<string, Conversation>();
  const entries: StandingEntry[] = [];
  const reports = new Map<string, DeliveryReport['kind'][]>();
  let events = 0;

  const nowMs = () => startOfTimeMs + kernel.nowMs();

  const write = (conversation: Conversation, author: StandingEntry['author'], shown: string): StandingEntry => {
    const index = entries.length;
    const entry = {
      entryId: `${workspaceId}-e${index}`,
      index,
      conversationId: conversation.id,
      author,
      text: textIn(shown) ?? '',
      shown,
      atMs: nowMs(),
    };
    entries.push(entry);
    conversation.entries.push(entry);
    kernel.note('entry', () => `${entry.text} by ${author} in ${conversation.id} as ${entry.entryId}`);
    return entry;
  };

  const replyOf = (entry: StandingEntry): AgentReply => ({
    conversationId: entry.conversationId,
    entryId: entry.entryId,
    author: { id: 'admin-1', name: 'Ada', kind: 'teammate' },
    body: plain(entry.shown),
    attachments: [],
    quickReplies: [],
    happenedAtMs: entry.atMs,
    markedOurs: entry.author === 'teammate' && rates.marked,
    textHash: hashOf(entry.shown),
  });

  const rawOf = (entry: StandingEntry, event: InboxEvent): Buffer => {
    events += 1;
    const { conversationId } = entry;
    const told: SimulatedInboxEvent = { eventId: `${workspaceId}-v${events}`, conversationId, event };
    return Buffer.from(JSON.stringify(told));
  };

  /** One notification a topic: the same entry comes under several ids. */
  const tell = (entry: StandingEntry): void => {
    const copies = dice.chance(0.3) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (world.strikes('event lost', rates.lost)) continue;
      const { conversationId, entryId, atMs } = entry;
      const event: InboxEvent = dice.chance(rates.incomplete)
        ? { kind: 'incomplete', reply: { conversationId, entryId, happenedAtMs: atMs } }
        : { kind: 'reply', reply: replyOf(entry) };
      emit(workspaceId, rawOf(entry, event));
    }
  };

  const standing = (conversationId: string): Conversation | null => {
    const conversation = conversations.get(conversationId);
    return conversation === undefined || conversation.isGone ? null : conversation;
  };

  const open = (contactId: string): Conversation => {
    const conversation = { id: `${workspaceId}-c${conversations.size}`, contactId, entries: [], isGone: false };
    conversations.set(conversation.id, conversation);
    return conversation;
  };

  const contactOf = ({ contact }: ConversationLink): string => {
    if (contact.contactId === null) throw new Error('the link names no contact of the simulated inbox');
    return contact.contactId;
  };

  const gone = { kind: 'gone', what: 'conversation', detail: 'conversation not found' } as const;
  const appendedAs = ({ entryId, conversationId }: StandingEntry): AppendedEntry => ({
    entryId,
    conversationId,
    remark: null,
  });

  return {
    workspaceId,
    entries,
    reports,
    isDown: false,
    refusesCredential: false,
    ensureContact(chat) {
      const known = contacts.get(chat) ?? `${workspaceId}-p${contacts.size}`;
      contacts.set(chat, known);
      return known;
    },
    append(link, entry) {
      const there = link.conversationId === null ? open(contactOf(link)) : standing(link.conversationId);
      if (there && link.conversationId !== null && world.strikes('conversation gone', rates.gone)) there.isGone = true;
      if (!there || there.isGone) return gone;
      const written = write(there, entry.author.kind, plainText(entry.body));
      if (entry.author.kind === 'teammate' && dice.chance(rates.echo)) tell(written);
      return { kind: 'ok', value: appendedAs(written) };
    },
    find(link, entry) {
      const shown = plainText(entry.body);
      const there = link.conversationId === null ? null : standing(link.conversationId);
      if (link.conversationId !== null && there === null) return gone;
      const looked = there
        ? [there]
        : [...conversations.values()].filter((one) => one.contactId === contactOf(link) && !one.isGone);
      const after = Number(link.lastEntryId?.split('-e')[1] ?? -1);
      for (const { entries: said } of looked) {
        const found = said.find(
          ({ index, author, shown: text }) => index > after && author === entry.author.kind && text === shown,
        );
        if (found) return { kind: 'ok', value: appendedAs(found) };
      }
      return { kind: 'ok', value: null };
    },
    report(entryId, { kind }) {
      const told = reports.get(entryId);
      if (told) told.push(kind);
      else reports.set(entryId, [kind]);
      kernel.note('report', () => `${kind} of ${entryId}`);
    },
    answer(text) {
      const there = [...conversations.values()].filter(({ isGone }) => !isGone);
      if (there.length === 0) return null;
      const entry = write(dice.pick(there), 'agent', text);
      tell(entry);
      return entry;
    },
    changedSince: (sinceMs) =>
      [...conversations.values()]
        .filter(({ entries: said, isGone }) => !isGone && (said.at(-1)?.atMs ?? 0) >= sinceMs)
        .map(({ id }) => id),
    eventsSince(conversationId, sinceMs) {
      const there = standing(conversationId);
      if (!there) return null;
      return there.entries
        .filter(({ author, atMs }) => (author === 'agent' || author === 'teammate') && atMs >= sinceMs)
        .map((entry) => rawOf(entry, { kind: 'reply', reply: replyOf(entry) }));
    },
    complete(entryId) {
      const entry = entries.find((one) => one.entryId === entryId);
      return entry ? [rawOf(entry, { kind: 'reply', reply: replyOf(entry) })] : [];
    },
  };
}

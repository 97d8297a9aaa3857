import type { Effect } from '@chatferry/sandbox';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import {
  type BotOptions,
  type ConnectedBot,
  type Customer,
  connectBot,
  newCustomer,
  type Rig,
  send,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { quickClock } from './quick-clock.ts';

/** One entry as an agent sees it, the same for both inboxes. */
export interface SeenEntry {
  readonly by: 'customer' | 'teammate' | 'note';
  readonly name: string | null;
  /** The words, each paragraph or line a line. */
  readonly text: string;
  readonly attachments: readonly Readonly<Record<string, unknown>>[];
}

export interface SeenConversation {
  readonly id: string;
  readonly contact: { readonly id: string; readonly name: string | null; readonly phone: string | null } | null;
  readonly isOpen: boolean;
  /** The teammate's name. */
  readonly assignee: string | null;
  /** Intercom only: empty and null elsewhere. */
  readonly tags: readonly string[];
  readonly team: string | null;
  readonly isSeen: boolean;
  readonly entries: readonly SeenEntry[];
}

export const inboxKinds = ['intercom', 'hubspot'] as const;
export type InboxKind = (typeof inboxKinds)[number];

type Bot = Omit<ConnectedBot, 'intercomId' | 'intercomToken'>;

/** An inbox with a bot connected to it, and what an agent sees there. */
export interface Desk {
  readonly kind: InboxKind;
  readonly rig: Rig;
  readonly bot: Bot;
  /** The simulated account: Intercom's workspace or HubSpot's portal. */
  readonly accountId: string;
  /** Opens Intercom's own API; null for HubSpot, whose tokens come and go. */
  readonly accessToken: string | null;
  conversations(): readonly SeenConversation[];
  deleteConversation(id: string): void;
  /** Lets calls that write an entry go wrong, or with `everything` all calls. */
  breakInbox(effect: Effect, what?: { readonly times?: number; readonly everything?: boolean }): void;
  customer(user?: { readonly first_name?: string }): Customer;
  /** Writes as the customer, and resolves once the gateway has stored it: what is sent next comes after it. */
  writes(customer: Customer, text: string): Promise<void>;
  /** Sends through the public API; throws unless it was taken. */
  send(customer: Customer, message: object, more?: object): Promise<{ readonly message_id: number }>;
  /** Resolves with the only conversation once it reads so; each entry as `by: line | line`. */
  reads(...entries: readonly string[]): Promise<SeenConversation>;
}

/** A gateway that the simulated providers reach under its public address. */
export async function startPublicRig(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const port = String(await findFreePort());
  return startRig({ CHATFERRY_PORT: port, CHATFERRY_PUBLIC_URL: `http://127.0.0.1:${port}`, ...env }, quickClock);
}

export async function openDesk(rig: Rig, kind: InboxKind, options: BotOptions = {}): Promise<Desk> {
  return kind === 'intercom' ? openIntercomDesk(rig, options) : openHubspotDesk(rig, options);
}

async function openIntercomDesk(rig: Rig, options: BotOptions): Promise<Desk> {
  const { intercomId, intercomToken, ...bot } = await connectBot(rig, { updates: 'polling', ...options });
  const { intercom } = rig.sandbox;
  return createDesk({
    kind: 'intercom',
    rig,
    bot,
    accountId: intercomId,
    accessToken: intercomToken,
    appends: ['POST /conversations', 'POST /messages', 'POST /conversations/{id}/reply'],
    deleteConversation: (id) => void intercom.deleteConversation(intercomId, id),
    conversations: () =>
      intercom.conversations(intercomId).map(({ id, contact, state, assignee, team, tags, is_read }) => ({
        id,
        isOpen: state === 'open',
        assignee,
        team,
        tags,
        isSeen: is_read,
        contact: contact && { id: contact.id, name: contact.name, phone: contact.phone },
        entries: intercom
          .transcript(intercomId, id)
          .entries.filter(
            ({ text, attachments, is_note, part_type }) =>
              is_note || part_type === 'comment' || text !== '' || attachments.length > 0,
          )
          .map((entry) => ({
            by: entry.is_note ? 'note' : entry.author.type === 'admin' ? 'teammate' : 'customer',
            name: entry.author.name,
            text: entry.text,
            attachments: [],
          })),
      })),
  });
}

async function openHubspotDesk(rig: Rig, options: BotOptions): Promise<Desk> {
  const { portalId, ...bot } = await connectHubspotBot(rig, options);
  const { hubspot } = rig.sandbox;
  return createDesk({
    kind: 'hubspot',
    rig,
    bot,
    accountId: portalId,
    accessToken: null,
    appends: [
      'POST /conversations/custom-channels/{version}/{channelId}/messages',
      'POST /conversations/conversations/{version}/threads/{threadId}/messages',
    ],
    deleteConversation: (id) => void hubspot.deleteThread(portalId, id),
    conversations: () =>
      hubspot.threads(portalId).map(({ id, contact, status, assignee }) => ({
        id,
        isOpen: status === 'OPEN',
        assignee,
        team: null,
        tags: [],
        isSeen: false,
        contact: contact && {
          id: contact.id,
          name: contact.properties['firstname'] ?? null,
          phone: contact.properties['phone'] ?? null,
        },
        entries: hubspot.transcript(portalId, id).entries.map((entry) => ({
          by: entry.is_comment ? 'note' : entry.direction === 'OUTGOING' ? 'teammate' : 'customer',
          name: entry.sender.name,
          text: entry.text,
          attachments: entry.attachments,
        })),
      })),
  });
}

type DeskParts = Pick<
  Desk,
  'kind' | 'rig' | 'bot' | 'accountId' | 'accessToken' | 'conversations' | 'deleteConversation'
> & {
  readonly appends: readonly string[];
};

function createDesk({ appends, ...parts }: DeskParts): Desk {
  const { rig, bot, kind, conversations } = parts;
  // The rig's helpers ask for a bot of Intercom, and use nothing of it that is Intercom's.
  const anyBot: ConnectedBot = { ...bot, intercomId: '', intercomToken: '' };
  return {
    ...parts,
    breakInbox(effect, { times = 1, everything = false } = {}) {
      for (const operation of everything ? ['*'] : appends) {
        rig.sandbox.faults.inject({ provider: kind, operation, times, effect });
      }
    },
    customer: (user) => newCustomer(rig, anyBot, user),
    async writes({ at }, text) {
      const storedUpdates = async () =>
        (await rig.database.pool.query('select 1 from updates where channel_id = $1', [bot.channelId])).rowCount ?? 0;
      const before = await storedUpdates();
      rig.sandbox.telegram.text(at, { text });
      await eventually(async () => {
        if ((await storedUpdates()) === before) throw new Error(`the update with “${text}” is not stored`);
      });
    },
    async send(customer, message, more = {}) {
      const body = { destination_user_id: customer.chatId, telegram_interactive_message: message, ...more };
      const answer = await send(rig, anyBot, body);
      if (answer.status !== 201) throw new Error(`not sent: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    reads: (...entries) =>
      eventually(async () => {
        await makeRetriesDue(rig);
        const seen = conversations();
        const [conversation] = seen;
        const read = seen.flatMap((one) => one.entries.map(shown));
        if (!conversation || seen.length !== 1 || JSON.stringify(read) !== JSON.stringify(entries)) {
          throw new Error(
            `expected one conversation that reads\n${entries.join('\n')}\n, there are ${seen.length}:\n${read.join('\n')}`,
          );
        }
        return conversation;
      }),
  };
}

/** An entry in a line. */
export const shown = ({ by, text }: SeenEntry): string =>
  `${by}: ${text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
    .join(' | ')}`;

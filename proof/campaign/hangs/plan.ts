import type { Party } from '../load/scene.ts';
import type { GatedCall, Treatment } from './gate.ts';

export type GateName = 'telegram' | 'intercom' | 'hubspot' | 'server of one bot';

/** Whose waits are measured: other customers of the bot in trouble, or the customers of another workspace. */
export type Place = 'same bot' | 'other workspace' | 'same conversation';

/** What goes wrong with the calls through one gate. */
export type Trouble =
  | { readonly kind: 'treated'; readonly as: Treatment; isHit(call: GatedCall, chats: ReadonlySet<number>): boolean }
  | { readonly kind: 'refused' };

/** Many customers of one bot, who need what is in trouble. */
export interface CrowdPlan {
  readonly size: number;
  readonly act: 'send a photo' | 'write' | 'are answered';
  /** How often each of them does so. */
  readonly times: number;
  /** They have no conversation yet. */
  readonly areNew: boolean;
}

/** One row of the table: a party in trouble, and who must not notice. */
export interface Row {
  readonly name: string;
  readonly inbox: Party['inbox'];
  readonly gate: GateName;
  readonly trouble: Trouble;
  readonly crowd: CrowdPlan;
  readonly measured: readonly Place[];
  /** The trouble is an outage that ends after this time, and the recovery from it is measured. */
  readonly outageMs: number | null;
}

export type Form = 'short' | 'long';

export const crowdSize = 200;

/** What the waits should be, and what passes on a machine that is busy with other things. In milliseconds. */
export const bounds = {
  stranger: { goalMs: 1_000, passMs: 5_000 },
  /** An agent's reply in a conversation that is busy itself. */
  sameConversation: { goalMs: 3_000, passMs: 10_000 },
  firstEntry: { goalMs: 2_000, passMs: 10_000 },
  /** The simulated inboxes have no rate limit in this campaign. */
  lastEntry: { goalMs: 10_000, passMs: 30_000 },
};

const hang: Treatment = { kind: 'hang' };
const unavailable: Treatment = { kind: 'status', status: 503 };
const late = (delayMs: number): Treatment => ({ kind: 'delay', delayMs });

const at =
  (pattern: RegExp) =>
  ({ method, path }: GatedCall): boolean =>
    pattern.test(`${method} ${path}`);
const always = (): boolean => true;
const isFile = at(/^GET \/telegram\/file\//);
const isSend = at(/\/send\w+$/);
const isSendTo = (call: GatedCall, chats: ReadonlySet<number>): boolean =>
  isSend(call) && chats.has(Number(/"chat_id":"?(-?\d+)/.exec(call.body)?.[1]));

const treated = (as: Treatment, isHit: (call: GatedCall, chats: ReadonlySet<number>) => boolean): Trouble => ({
  kind: 'treated',
  as,
  isHit,
});

const crowd = (act: CrowdPlan['act'], more: Partial<CrowdPlan> = {}): CrowdPlan => ({
  size: crowdSize,
  act,
  times: 1,
  areNew: true,
  ...more,
});

const elsewhere: readonly Place[] = ['other workspace'];
const everywhere: readonly Place[] = ['same bot', 'other workspace'];

/** The rows of both forms; the others take longer and show the same of single operations. */
const mainRows: readonly Row[] = [
  {
    name: `Telegram’s file server hangs, ${crowdSize} customers sent a photo`,
    inbox: 'intercom',
    gate: 'telegram',
    trouble: treated(hang, isFile),
    crowd: crowd('send a photo'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: 'a photo takes 3 s, 60 customers send one at once',
    inbox: 'intercom',
    gate: 'telegram',
    trouble: treated(late(3_000), isFile),
    crowd: crowd('send a photo', { size: 60 }),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `another bot’s Bot API server hangs, agents answered ${crowdSize} of its customers`,
    inbox: 'intercom',
    gate: 'server of one bot',
    trouble: treated(hang, isSend),
    crowd: crowd('are answered', { areNew: false }),
    measured: elsewhere,
    outageMs: null,
  },
  {
    name: `Intercom hangs, ${crowdSize} of its customers wrote, measured in a HubSpot workspace`,
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(hang, always),
    crowd: crowd('write'),
    measured: elsewhere,
    outageMs: null,
  },
  {
    name: 'Intercom takes 1.2 s a call, the customer writes once a second, an agent replies 20 times',
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(late(1_200), always),
    crowd: crowd('write', { size: 1, areNew: false, times: 20 }),
    measured: ['same conversation'],
    outageMs: null,
  },
  {
    name: 'Intercom answers 503 for 25 s, 12 customers wrote 3 times',
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(unavailable, always),
    crowd: crowd('write', { size: 12, areNew: false, times: 3 }),
    measured: elsewhere,
    outageMs: 25_000,
  },
];

const furtherRows: readonly Row[] = [
  {
    name: `getFile hangs, ${crowdSize} customers sent a photo`,
    inbox: 'hubspot',
    gate: 'telegram',
    trouble: treated(hang, at(/\/getFile/)),
    crowd: crowd('send a photo'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `sendMessage hangs for ${crowdSize} chats of a bot, whom agents answered`,
    inbox: 'intercom',
    gate: 'telegram',
    trouble: treated(hang, isSendTo),
    crowd: crowd('are answered', { areNew: false }),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `Intercom’s replies hang, ${crowdSize} of its customers wrote`,
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(hang, at(/^POST \/intercom\/conversations\/[^/]+\/reply/)),
    crowd: crowd('write', { areNew: false }),
    measured: elsewhere,
    outageMs: null,
  },
  {
    name: `Intercom’s contacts hang, ${crowdSize} new customers wrote`,
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(hang, at(/\/intercom\/contacts/)),
    crowd: crowd('write'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `Intercom’s new conversations hang, ${crowdSize} new customers wrote`,
    inbox: 'intercom',
    gate: 'intercom',
    trouble: treated(hang, at(/^POST \/intercom\/(?:conversations|messages)$/)),
    crowd: crowd('write'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `HubSpot’s messages hang, ${crowdSize} of its customers wrote, measured in an Intercom workspace`,
    inbox: 'hubspot',
    gate: 'hubspot',
    trouble: treated(hang, at(/^POST \/hubspot\/conversations\/.*\/messages/)),
    crowd: crowd('write'),
    measured: elsewhere,
    outageMs: null,
  },
  {
    name: `HubSpot’s contacts hang, ${crowdSize} new customers wrote`,
    inbox: 'hubspot',
    gate: 'hubspot',
    trouble: treated(hang, at(/\/hubspot\/crm\//)),
    crowd: crowd('write'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: `HubSpot’s files hang, ${crowdSize} customers sent a photo`,
    inbox: 'hubspot',
    gate: 'hubspot',
    trouble: treated(hang, at(/\/hubspot\/files\//)),
    crowd: crowd('send a photo'),
    measured: everywhere,
    outageMs: null,
  },
  {
    name: 'HubSpot answers 503 for 25 s, 12 customers wrote 3 times',
    inbox: 'hubspot',
    gate: 'hubspot',
    trouble: treated(unavailable, always),
    crowd: crowd('write', { size: 12, areNew: false, times: 3 }),
    measured: elsewhere,
    outageMs: 25_000,
  },
  {
    name: 'Intercom refuses connections for 2 minutes, 15 customers wrote 3 times',
    inbox: 'intercom',
    gate: 'intercom',
    trouble: { kind: 'refused' },
    crowd: crowd('write', { size: 15, areNew: false, times: 3 }),
    measured: elsewhere,
    outageMs: 120_000,
  },
  {
    name: 'HubSpot answers 503 for 2 minutes, 15 customers wrote 3 times',
    inbox: 'hubspot',
    gate: 'hubspot',
    trouble: treated(unavailable, always),
    crowd: crowd('write', { size: 15, areNew: false, times: 3 }),
    measured: elsewhere,
    outageMs: 120_000,
  },
  {
    name: 'the Bot API server of a bot refuses connections for 25 s, agents answered 12 of its customers',
    inbox: 'intercom',
    gate: 'server of one bot',
    trouble: { kind: 'refused' },
    crowd: crowd('are answered', { size: 12, areNew: false }),
    measured: elsewhere,
    outageMs: 25_000,
  },
];

export const rowsOf = (form: Form): readonly Row[] => (form === 'short' ? mainRows : [...mainRows, ...furtherRows]);

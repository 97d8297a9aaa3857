import type { ChannelLeg, Channel as ChannelView } from '@chatferry/contract';

export type LegName = ChannelLeg['name'];

/** What was seen of a leg. Times are in the form in which they are shown. */
export interface LegFacts {
  readonly since: string | null;
  readonly failingSince: string | null;
  readonly problem: string | null;
}

export const unseen: LegFacts = { since: null, failingSince: null, problem: null };

export interface LegSubject {
  readonly channelId: string;
  readonly workspaceId: string;
  readonly channelState: ChannelView['state'];
  readonly inboxKind: 'intercom' | 'hubspot';
  /** Whether the inbox was connected by OAuth, and can be connected again the same way. */
  readonly isByOauth: boolean;
  /** The address that the inbox delivers its events to. Null if it cannot deliver any. */
  readonly inboxUrl: string | null;
  /** The topics that a person must subscribe there. */
  readonly topics: readonly string[];
  /** When an entry was last written into the inbox. Null if none was. */
  readonly lastEntryAt: string | null;
}

/** What a person should do if a leg does not work. */
export function remedyOf(name: LegName, subject: LegSubject): string {
  const { channelId, workspaceId, inboxKind, isByOauth } = subject;
  switch (name) {
    case 'telegram_out':
      return `Run chatferry channels check ${channelId}. Where Telegram refuses the bot token, take a new one from BotFather: chatferry channels update ${channelId} --bot-token-file FILE`;
    case 'telegram_in':
      return `Make sure that no other system uses this bot, then take its updates back: chatferry channels repair ${channelId}`;
    case 'inbox_out':
      return `Entries wait and follow by themselves. If it lasts: chatferry channels check ${channelId}`;
    case 'inbox_in':
      return inboxInRemedy(subject);
    case 'grant':
      return isByOauth || inboxKind === 'hubspot'
        ? `Connect it again: chatferry workspaces connect --workspace ${workspaceId} --wait`
        : `Give it a token that works: chatferry workspaces update ${workspaceId} --kind intercom --access-token-file FILE`;
  }
}

function inboxInRemedy({ inboxUrl, topics, channelId }: LegSubject): string {
  if (inboxUrl === null) return 'Set CHATFERRY_PUBLIC_URL, so that the inbox can tell this gateway.';
  return topics.length === 0
    ? `HubSpot calls ${inboxUrl}: make sure that it is reachable from outside, and check that the app is installed: chatferry channels check ${channelId}`
    : `In the Developer Hub of Intercom, in your app, under Webhooks, subscribe these topics: ${topics.join(', ')}, to this address: ${inboxUrl}.`;
}

/** A leg in the form in which it is shown. */
export function legOf(name: LegName, facts: LegFacts, subject: LegSubject): ChannelLeg {
  const { since, failingSince, problem } = facts;
  if (failingSince !== null) {
    return {
      name,
      state: 'failing',
      since: failingSince,
      problem: problem ?? 'it does not work',
      remedy: remedyOf(name, subject),
    };
  }
  const hasNoEvents =
    name === 'inbox_in' &&
    since === null &&
    subject.lastEntryAt !== null &&
    subject.inboxUrl !== null &&
    subject.topics.length > 0;
  if (hasNoEvents) {
    return {
      name,
      state: 'failing',
      since: null,
      problem: 'Entries were written into the inbox, and no event of it ever came.',
      remedy: remedyOf(name, subject),
    };
  }
  return since === null
    ? { name, state: 'silent', since: null, problem: null, remedy: null }
    : { name, state: 'alive', since, problem: null, remedy: null };
}

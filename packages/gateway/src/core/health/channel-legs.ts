import type { ChannelLeg, Channel as ChannelView } from '@chatferry/contract';
import type { ChannelWords } from './channel-words.ts';

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
  readonly channelWords: ChannelWords;
  /** What to do if the inbox refuses its credential. */
  readonly credentialRemedy: string;
  /** What to do if no events of the inbox arrive. */
  readonly eventsRemedy: string;
  /** The address that the inbox delivers its events to. Null if it cannot deliver any. */
  readonly inboxUrl: string | null;
  /** The topics that a person must subscribe there. */
  readonly topics: readonly string[];
  /** When an entry was last written into the inbox. Null if none was. */
  readonly lastEntryAt: string | null;
}

/** What a person should do if a leg does not work. */
export function remedyOf(name: LegName, subject: LegSubject): string {
  const { channelId, channelWords } = subject;
  switch (name) {
    case 'telegram_out':
      return `Run chatferry channels check ${channelId}. If ${channelWords.displayName} refuses the bot token, get a new one from ${channelWords.tokenIssuer}: chatferry channels update ${channelId} --bot-token-file FILE`;
    case 'telegram_in':
      return `Make sure that no other system uses this bot, unless this gateway had another public address before. Then take its updates back: chatferry channels repair ${channelId}`;
    case 'inbox_out':
      return `Entries wait and follow by themselves. If it lasts: chatferry channels check ${channelId}`;
    case 'inbox_in':
      return subject.eventsRemedy;
    case 'grant':
      return subject.credentialRemedy;
  }
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

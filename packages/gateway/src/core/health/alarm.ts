import type { Alarm as AlarmView } from '@chatferry/contract';
import type { ChannelWords } from './channel-words.ts';

/** What can need a person. */
export type AlarmKind = AlarmView['kind'];

/** Something that needs a person, for as long as it does. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What it is about: a channel, a workspace, or a process. With the kind it names the alarm. */
  readonly subject: string;
  readonly workspaceId: string | null;
  /** What is wrong. */
  readonly detail: string;
  /** What to do. */
  readonly remedy: string;
}

/** What the store knows that may need a person. */
export interface AlarmFacts {
  readonly brokenChannels: readonly {
    readonly channelId: string;
    readonly workspaceId: string;
    readonly name: string;
    readonly problem: string | null;
  }[];
  readonly brokenWorkspaces: readonly {
    readonly workspaceId: string;
    readonly name: string;
    readonly problem: string | null;
  }[];
  /** Inboxes that have taken nothing for some time, for other reasons than their credential. */
  readonly inboxesDown: readonly {
    readonly workspaceId: string;
    readonly name: string;
    readonly since: Date;
    readonly problem: string | null;
  }[];
  readonly deadLetters: readonly { readonly workspaceId: string; readonly count: number; readonly oldest: Date }[];
  readonly unknownMessages: readonly {
    readonly channelId: string;
    readonly workspaceId: string;
    readonly count: number;
    readonly oldest: Date;
  }[];
}

/** The alarms that follow from what the store knows. */
export function alarmsOf(facts: AlarmFacts, channel: ChannelWords): readonly Alarm[] {
  return [
    ...facts.brokenChannels.map(
      ({ channelId, workspaceId, name, problem }): Alarm => ({
        kind: 'channel-broken',
        subject: channelId,
        workspaceId,
        detail: `The channel ${name} is broken: ${problem ?? 'its bot token is refused'}. Sends answer 403.`,
        remedy: `Run chatferry channels check ${channelId}. Where the bot token is refused, take a new one from ${channel.tokenIssuer}: chatferry channels update ${channelId} --bot-token-file FILE.`,
      }),
    ),
    ...facts.brokenWorkspaces.map(
      ({ workspaceId, name, problem }): Alarm => ({
        kind: 'inbox-refused',
        subject: workspaceId,
        workspaceId,
        detail: `The inbox of the workspace ${name} refuses its credential: ${problem ?? 'no reason given'}. Messages are sent, and wait to be copied.`,
        remedy: `Renew what was connected by OAuth: chatferry workspaces connect --workspace ${workspaceId} --wait. Where it was a token of your own, give another one: chatferry workspaces update ${workspaceId}. What waits is copied by itself then.`,
      }),
    ),
    ...facts.inboxesDown.map(
      ({ workspaceId, name, since, problem }): Alarm => ({
        kind: 'inbox-down',
        subject: workspaceId,
        workspaceId,
        detail: `The inbox of the workspace ${name} has taken nothing since ${since.toISOString()}: ${problem ?? 'no reason given'}. Messages are sent, and wait to be copied.`,
        remedy:
          'Look at the status page of the inbox, and whether this gateway reaches it. Nothing is lost: what waits is copied by itself, in its order, once it takes it.',
      }),
    ),
    ...facts.deadLetters.map(
      ({ workspaceId, count, oldest }): Alarm => ({
        kind: 'dead-letters',
        subject: workspaceId,
        workspaceId,
        detail: `${counted(count, 'dead letter')} of this workspace ${count === 1 ? 'waits' : 'wait'}, the oldest since ${oldest.toISOString()}.`,
        remedy: `Look with chatferry dead-letters list --workspace ${workspaceId}; then replay or discard them.`,
      }),
    ),
    ...facts.unknownMessages.map(
      ({ channelId, workspaceId, count, oldest }): Alarm => ({
        kind: 'unknown-messages',
        subject: channelId,
        workspaceId,
        detail: `Of ${counted(count, 'message')} of this channel nobody knows whether ${channel.displayName} sent ${count === 1 ? 'it' : 'them'}, the oldest since ${oldest.toISOString()}.`,
        remedy:
          'List them with chatferry messages list --state unknown and a key of the channel, look into the chats, and decide: chatferry messages resolve, or chatferry messages resend.',
      }),
    ),
  ];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

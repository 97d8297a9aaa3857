import type { Alarm as AlarmView } from '@chatferry/contract';
import type { ChannelWords } from './channel-words.ts';

/** What can need a person. */
export type AlarmKind = AlarmView['kind'];

/** Something that needs a person. It exists as long as it does. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What it is about: a channel, a workspace, or a process. Together with the kind it identifies the alarm. */
  readonly subject: string;
  readonly workspaceId: string | null;
  /** What is wrong. */
  readonly detail: string;
  /** What to do. */
  readonly remedy: string;
}

/** The facts from the store that may need a person. */
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
  /** Workspaces whose account another workspace has, which an earlier version allowed. */
  readonly secondWorkspaces: readonly { readonly workspaceId: string; readonly name: string }[];
  /** Inboxes that have accepted nothing for some time, for other reasons than their credential. */
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
  /** Webhook endpoints that the gateway disabled. */
  readonly disabledEndpoints: readonly {
    readonly endpointId: string;
    readonly workspaceId: string;
    readonly reason: 'gone' | 'failing';
    readonly since: Date;
    readonly problem: string | null;
  }[];
  /** People of whose second factor wrong codes were given after the right password. */
  readonly guessedFactors: readonly GuessedFactor[];
}

export interface GuessedFactor {
  readonly personId: string;
  readonly name: string;
  readonly failures: number;
  readonly since: Date;
  /** Null if the next code is accepted. */
  readonly lockedUntil: Date | null;
  readonly networks: readonly { readonly network: string; readonly failures: number }[];
}

/** The alarms that follow from the facts. */
export function alarmsOf(facts: AlarmFacts, channel: ChannelWords): readonly Alarm[] {
  return [
    ...facts.brokenChannels.map(
      ({ channelId, workspaceId, name, problem }): Alarm => ({
        kind: 'channel-broken',
        subject: channelId,
        workspaceId,
        detail: `The channel ${name} is broken: ${problem ?? 'its bot token is refused'}. Sends answer 403.`,
        remedy: `Run chatferry channels check ${channelId}. If the bot token is refused, get a new one from ${channel.tokenIssuer}: chatferry channels update ${channelId} --bot-token-file FILE.`,
      }),
    ),
    ...facts.brokenWorkspaces.map(
      ({ workspaceId, name, problem }): Alarm => ({
        kind: 'inbox-refused',
        subject: workspaceId,
        workspaceId,
        detail: `The inbox of the workspace ${name} refuses its credential: ${problem ?? 'no reason given'}. Messages are sent, and wait to be copied.`,
        remedy: `If it was connected by OAuth, renew it: chatferry workspaces connect --workspace ${workspaceId} --wait. If it was a token of your own, give another one: chatferry workspaces update ${workspaceId}. Waiting messages are then copied by themselves.`,
      }),
    ),
    ...facts.secondWorkspaces.map(accountConnectedTwice),
    ...facts.inboxesDown.map(
      ({ workspaceId, name, since, problem }): Alarm => ({
        kind: 'inbox-down',
        subject: workspaceId,
        workspaceId,
        detail: `The inbox of the workspace ${name} has accepted nothing since ${since.toISOString()}: ${problem ?? 'no reason given'}. Messages are sent, and wait to be copied.`,
        remedy:
          'Check the status page of the inbox, and whether this gateway reaches it. Nothing is lost: waiting messages are copied by themselves, in order, once the inbox accepts them.',
      }),
    ),
    ...facts.deadLetters.map(
      ({ workspaceId, count, oldest }): Alarm => ({
        kind: 'dead-letters',
        subject: workspaceId,
        workspaceId,
        detail: `${countOf(count, 'dead letter')} of this workspace ${count === 1 ? 'waits' : 'wait'}, the oldest since ${oldest.toISOString()}.`,
        remedy: `List them with chatferry dead-letters list --workspace ${workspaceId}; then replay or discard them.`,
      }),
    ),
    ...facts.unknownMessages.map(
      ({ channelId, workspaceId, count, oldest }): Alarm => ({
        kind: 'unknown-messages',
        subject: channelId,
        workspaceId,
        detail: `It is unknown whether ${channel.displayName} sent ${countOf(count, 'message')} of this channel, the oldest since ${oldest.toISOString()}.`,
        remedy:
          'List them with chatferry messages list --state unknown and a key of the channel, look into the chats, and decide: chatferry messages resolve, or chatferry messages resend.',
      }),
    ),
    ...facts.disabledEndpoints.map(endpointDisabled),
    ...facts.guessedFactors.map(secondFactorGuessed),
  ];
}

/** The other workspace is not named: the alarm is shown to the people of this one. */
const accountConnectedTwice = ({ workspaceId, name }: AlarmFacts['secondWorkspaces'][number]): Alarm => ({
  kind: 'account-connected-twice',
  subject: workspaceId,
  workspaceId,
  detail: `Another workspace of this gateway has the same inbox account as the workspace ${name}. Events at the address that all accounts share go to the other one only, so agents' replies may not reach the customers of ${name}.`,
  remedy: `An account can be connected once. Move the channels into one of the two workspaces, and delete the other. To delete this one: chatferry workspaces delete ${workspaceId}. To keep this one, delete the other, then give this one its credential again or restart the gateway.`,
});

/** Its address is not shown: it may carry a secret. */
const endpointDisabled = ({
  endpointId,
  workspaceId,
  reason,
  since,
  problem,
}: AlarmFacts['disabledEndpoints'][number]): Alarm => ({
  kind: 'endpoint-disabled',
  subject: endpointId,
  workspaceId,
  detail: `The webhook endpoint ${endpointId} gets no events since ${since.toISOString()}: ${
    reason === 'gone'
      ? 'it answered 410, which says that it wants no more.'
      : `it accepted nothing for a week. The last attempt: ${problem ?? 'no reason given'}.`
  }`,
  remedy: `Mend the receiver, then enable the endpoint: PATCH /api/v1/webhook-endpoints/${endpointId} {"enabled": true}. It continues where it stopped, as far as the event log reaches back; with "skip_missed": true it begins with the next event. Delete it if it is not needed any more.`,
});

/** The name, not the e-mail address: everyone who may read sees alarms. */
function secondFactorGuessed({ personId, name, failures, since, lockedUntil, networks }: GuessedFactor): Alarm {
  const from = networks.map((one) => `${one.network} (${one.failures})`).join(', ');
  const lock =
    lockedUntil === null
      ? 'Codes are accepted again.'
      : `Until ${lockedUntil.toISOString()} no code is accepted, except from browsers where ${name} is known.`;
  return {
    kind: 'second-factor-guessed',
    subject: personId,
    workspaceId: null,
    detail: `A caller with the right password of ${name} gave ${countOf(failures, 'wrong code')} of the second factor since ${since.toISOString()}, from ${from}. ${lock}`,
    remedy: `Ask ${name}. If it was another person, that one knows the password: if ${name} can still sign in, let ${name} change it; otherwise run chatferry people invite-again ${personId}, which also removes the second factor and the lock. If it was ${name}, wait, or do the same.`,
  };
}

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

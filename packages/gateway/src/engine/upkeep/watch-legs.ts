import type { CallOutcome, Channel } from '../../ports/channel.ts';
import type { Inbox, InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import type { LegMarks } from './record-activity.ts';

/** The same channel; what it is asked and answers is noted of its legs. `ownUrl` is where its webhook should be, empty for none. */
export function watchChannel(
  channel: Channel,
  { id, workspaceId }: Pick<ChannelRecord, 'id' | 'workspaceId'>,
  ownUrl: string,
  marks: LegMarks,
): Channel {
  const out = { workspaceId, ownerId: id, leg: 'sent' } as const;
  const inwards = { workspaceId, ownerId: id, leg: 'update' } as const;
  const noteCall = (outcome: CallOutcome<unknown>, leg: typeof out | typeof inwards) => {
    if (outcome.kind === 'ok') marks.markWorking(leg);
    else if (outcome.kind === 'unavailable' || outcome.broken) marks.markFailing(leg, outcome.detail);
  };
  return {
    ...channel,
    async send(...given) {
      const outcome = await channel.send(...given);
      if (outcome.kind === 'delivered') marks.markWorking(out);
      const isBroken = outcome.kind === 'rejected' && outcome.reason === 'channel-broken';
      const isUnreached = outcome.kind === 'deferred' && outcome.because === 'not-written';
      if (isBroken || isUnreached || outcome.kind === 'uncertain') marks.markFailing(out, outcome.detail);
      return outcome;
    },
    async describe() {
      const outcome = await channel.describe();
      noteCall(outcome, out);
      return outcome;
    },
    async poll(offset, signal) {
      const outcome = await channel.poll(offset, signal);
      if (outcome.kind === 'refused') marks.markFailing(inwards, outcome.detail);
      else if (!signal.aborted) noteCall(outcome, inwards);
      return outcome;
    },
    async webhookStatus() {
      const outcome = await channel.webhookStatus();
      if (outcome.kind !== 'ok') return outcome;
      const { url, lastError, pendingUpdates } = outcome.value;
      if (url !== ownUrl) marks.markFailing(inwards, 'the updates of the bot do not come to this gateway');
      else if (lastError !== null && pendingUpdates > 0) marks.markFailing(inwards, lastError);
      else marks.markWorking(inwards);
      return outcome;
    },
  };
}

/** The same inbox; what it is asked and answers is noted of the legs of its workspace. */
export function watchInbox(inbox: Inbox, { id }: Pick<WorkspaceRecord, 'id'>, marks: LegMarks): Inbox {
  const grant = { workspaceId: id, ownerId: id, leg: 'grant' } as const;
  const entries = { workspaceId: id, ownerId: id, leg: 'entry' } as const;
  const noting = async <T>(asked: Promise<InboxOutcome<T>>): Promise<InboxOutcome<T>> => {
    const outcome = await asked;
    if (outcome.kind === 'broken') marks.markFailing(grant, outcome.detail);
    if (outcome.kind === 'deferred' || outcome.kind === 'uncertain' || outcome.kind === 'broken') {
      marks.markFailing(entries, outcome.detail);
    } else {
      marks.markWorking(grant);
      marks.markWorking(entries);
    }
    return outcome;
  };
  const { inboxes } = inbox;
  return {
    ...inbox,
    describe: () => noting(inbox.describe()),
    connectChannel: (...given) => noting(inbox.connectChannel(...given)),
    ensureContact: (...given) => noting(inbox.ensureContact(...given)),
    append: (...given) => noting(inbox.append(...given)),
    addNote: (...given) => noting(inbox.addNote(...given)),
    changedConversations: (...given) => noting(inbox.changedConversations(...given)),
    inboxes: inboxes && {
      ...inboxes,
      connectChannel: (...given) => noting(inboxes.connectChannel(...given)),
    },
  };
}

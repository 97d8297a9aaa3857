import type { CallOutcome, Channel } from '../../ports/channel.ts';
import type { Inbox, InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import type { LegMarks } from './record-activity.ts';

/** Wraps a channel so that each call updates the health of the leg it used. `ownUrl`: where its webhook should be, or empty. */
export function watchChannel(
  channel: Channel,
  { id, workspaceId }: Pick<ChannelRecord, 'id' | 'workspaceId'>,
  ownUrl: string,
  marks: LegMarks,
): Channel {
  const outbound = { workspaceId, ownerId: id, leg: 'sent' } as const;
  const inbound = { workspaceId, ownerId: id, leg: 'update' } as const;
  const markCall = (outcome: CallOutcome<unknown>, leg: typeof outbound | typeof inbound) => {
    if (outcome.kind === 'ok') marks.markWorking(leg);
    else if (outcome.kind === 'unavailable' || outcome.broken) marks.markFailing(leg, outcome.detail);
  };
  return {
    ...channel,
    async send(...args) {
      const outcome = await channel.send(...args);
      if (outcome.kind === 'delivered') marks.markWorking(outbound);
      const isBroken = outcome.kind === 'rejected' && outcome.reason === 'channel-broken';
      const isUnreached = outcome.kind === 'deferred' && outcome.because === 'not-written';
      if (isBroken || isUnreached || outcome.kind === 'uncertain') marks.markFailing(outbound, outcome.detail);
      return outcome;
    },
    async describe() {
      const outcome = await channel.describe();
      markCall(outcome, outbound);
      return outcome;
    },
    async poll(offset, signal) {
      const outcome = await channel.poll(offset, signal);
      if (outcome.kind === 'refused') marks.markFailing(inbound, outcome.detail);
      else if (!signal.aborted) markCall(outcome, inbound);
      return outcome;
    },
    async webhookStatus() {
      const outcome = await channel.webhookStatus();
      if (outcome.kind !== 'ok') return outcome;
      const { url, lastError, pendingUpdates } = outcome.value;
      if (url !== ownUrl) marks.markFailing(inbound, 'the updates of the bot do not come to this gateway');
      else if (lastError !== null && pendingUpdates > 0) marks.markFailing(inbound, lastError);
      else marks.markWorking(inbound);
      return outcome;
    },
  };
}

/** Wraps an inbox so that each call updates the health of its workspace's legs. */
export function watchInbox(inbox: Inbox, { id }: Pick<WorkspaceRecord, 'id'>, marks: LegMarks): Inbox {
  const grant = { workspaceId: id, ownerId: id, leg: 'grant' } as const;
  const entries = { workspaceId: id, ownerId: id, leg: 'entry' } as const;
  const marking = async <T>(call: Promise<InboxOutcome<T>>): Promise<InboxOutcome<T>> => {
    const outcome = await call;
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
    describe: () => marking(inbox.describe()),
    connectChannel: (...args) => marking(inbox.connectChannel(...args)),
    ensureContact: (...args) => marking(inbox.ensureContact(...args)),
    append: (...args) => marking(inbox.append(...args)),
    addNote: (...args) => marking(inbox.addNote(...args)),
    changedConversations: (...args) => marking(inbox.changedConversations(...args)),
    inboxes: inboxes && {
      ...inboxes,
      connectChannel: (...args) => marking(inboxes.connectChannel(...args)),
    },
  };
}

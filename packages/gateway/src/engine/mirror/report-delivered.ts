import type { InboxOutcome, ReplyRef } from '../../ports/inbox.ts';
import type { StoreSlice } from '../../store/store.ts';
import { arrangeTriesMax } from './apply-conversation-rules.ts';
import type { MirrorTarget } from './mirror-target.ts';

/** An agent's reply is in the inbox already. Only the report of its delivery is missing there. */
export async function reportDelivered(
  store: StoreSlice<{ readonly mirror: 'recordReported' }>,
  target: MirrorTarget,
  reply: ReplyRef | null,
): Promise<InboxOutcome<unknown>> {
  const { message, workspace, request, lane } = target;
  if (reply !== null) {
    const reported = await workspace.inbox.reportDelivery(reply, { kind: 'delivered' }, request.channel);
    if (reported.kind !== 'ok') return reported;
    const seen = await markSeen(target, reply);
    const isOpen = seen.kind === 'deferred' || seen.kind === 'uncertain';
    if (isOpen && lane.failures < arrangeTriesMax) return seen;
  }
  await store.mirror.recordReported(message);
  return { kind: 'ok', value: null };
}

/** The customer has it in the chat, so the inbox need not send it by e-mail. */
async function markSeen({ workspace }: MirrorTarget, { conversationId }: ReplyRef): Promise<InboxOutcome<unknown>> {
  const { arrangements } = workspace.inbox;
  const isWanted = workspace.record.conversationRules.mark_seen === 'on';
  if (!isWanted || arrangements === undefined) return { kind: 'ok', value: null };
  return arrangements.arrange(conversationId, { tag: null, assignee: null, isSeen: true });
}

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
    const reported = await workspace.inbox.reportDelivery(request.channel, reply, { kind: 'delivered' });
    if (reported.kind !== 'ok') return reported;
    const seen = await markSeen(target, reply);
    const isOpen = seen.kind === 'deferred' || seen.kind === 'uncertain';
    if (isOpen && lane.failures < arrangeTriesMax) return seen;
  }
  await store.mirror.recordReported(message);
  return { kind: 'ok', value: null };
}

/** The customer has it in Telegram, so the inbox need not send it by e-mail. */
async function markSeen({ workspace }: MirrorTarget, { conversationId }: ReplyRef): Promise<InboxOutcome<unknown>> {
  if (workspace.record.conversationRules.mark_seen === 'off') return { kind: 'ok', value: null };
  return workspace.inbox.arrange(conversationId, { tag: null, assignee: null, isSeen: true });
}

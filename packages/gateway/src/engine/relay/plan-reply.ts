import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import { nameOfAuthor, prepareReply } from '../../core/inbox/prepare-reply.ts';
import type { EncodedReply, ReplyChat } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import { type ConversationKey, topicOf } from '../../store/conversations.ts';
import type { ReplyPlan } from '../../store/reply-plans.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { CarriedReply } from './carried-reply.ts';
import type { HeldFile } from './reply-file.ts';

export interface PlanDeps {
  readonly store: StoreSlice<{ readonly replyPlans: 'read' | 'store' }>;
  readonly channelKind: ChannelKind;
}

/** Fetches a file, for at most the time that the words of a reply may wait for it. */
export type FetchSoon = (url: string) => Promise<HeldFile>;

/**
 * The messages that a reply becomes. The words go under the first file only if it is at hand: no words wait for a file, or
 * are lost with it. The first plan is stored, so that each try continues with the same messages.
 */
export async function planReply(
  { store, channelKind }: PlanDeps,
  carried: CarriedReply,
  reply: AgentReply,
  fetchSoon: FetchSoon,
): Promise<ReplyPlan> {
  const { open, key } = carried;
  const stored = await store.replyPlans.read(key.workspaceId, reply.entryId);
  if (stored !== null) return stored;
  const prepared = prepareReply(reply, open.record.options, await nameForCustomer(carried));
  const encode = (areWordsApart: boolean) => channelKind.encodeReply(chatOf(key), { ...prepared.reply, areWordsApart });
  const together = encode(false);
  const url = fileWithWords(channelKind, together[0]);
  const isAtHand = url === null || (await fetchSoon(url)).outcome.kind === 'ok';
  const pieces = isAtHand ? together : encode(true);
  const plan = { pieces, remark: prepared.remark, omitted: reply.omitted ?? [] };
  return pieces.length === 0 ? plan : store.replyPlans.store(key.workspaceId, reply.entryId, plan);
}

/** The address of the file under which the first message has the words. Null if it has no file or no words. */
const fileWithWords = (channelKind: ChannelKind, first: EncodedReply | undefined): string | null =>
  first === undefined || first.content.text === '' ? null : (channelKind.attachmentOf(first.wire)?.url ?? null);

export const chatOf = (key: ConversationKey): ReplyChat => ({ chatId: key.chatId, topicId: topicOf(key) });

async function nameForCustomer({ workspace, open, reply }: CarriedReply): Promise<string | null> {
  if (open.record.options.agent_name === 'off' || reply.author.kind === 'bot') return null;
  return nameOfAuthor(reply.author, reply.author.name === null ? await workspace.teammates() : null);
}

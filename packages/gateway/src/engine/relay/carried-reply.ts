import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import type { Omission } from '../../core/inbox/omission.ts';
import type { EncodedReply } from '../../ports/channel.ts';
import type { ConversationKey } from '../../store/conversations.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import type { JobEnd } from '../lanes/job.ts';

/** An agent's reply and the chat that it goes to. */
export interface CarriedReply {
  readonly workspace: OpenWorkspace;
  readonly open: OpenChannel;
  readonly key: ConversationKey;
  readonly reply: Pick<AgentReply, 'conversationId' | 'entryId' | 'author' | 'happenedAtMs'>;
  /** The lane whose worker carries it. */
  readonly lane: ClaimedLane;
  readonly receivedAtMs: number;
}

/** One of the messages that a reply becomes. */
export interface ReplyPiece extends EncodedReply {
  /** The key under which it is delivered at most once. */
  readonly name: KeyName;
  /** From 0. */
  readonly index: number;
  /** How many pieces the reply has. */
  readonly count: number;
}

/** The inbox is told of the delivery with the last piece: then all pieces have arrived. */
export const isLastPiece = ({ index, count }: Pick<ReplyPiece, 'index' | 'count'>): boolean => index === count - 1;

/** How the job of a reply or another inbox event ended. `ignored` says why nothing was done. */
export type ReplyEnd = Exclude<JobEnd, { kind: 'done' }> | { readonly kind: 'done'; readonly ignored?: string };

/** How one piece of a reply ended. */
export type PieceEnd =
  /** It is at the customer, without what was omitted. */
  | { readonly kind: 'sent'; readonly omitted: readonly Omission[] }
  /** It is only a file, and that cannot be had or is refused. The other pieces are not concerned. */
  | { readonly kind: 'omitted'; readonly omission: Omission }
  /** Its file is not at hand yet. */
  | { readonly kind: 'waits'; readonly detail: string }
  /** The reply ends here, or must be tried again. */
  | { readonly kind: 'ended'; readonly end: ReplyEnd };

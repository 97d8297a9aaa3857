import { z } from 'zod';
import type { AutomaticAnswer } from '../../core/inbox/automatic-answer.ts';
import type { Chat } from '../../core/message/inbound.ts';

export const automaticJobSchema = z.object({
  channelId: z.string(),
  chatId: z.string(),
  topicId: z.string().nullable(),
  /** What is answered. A second answer to it is never sent. */
  cause: z.string(),
  kind: z.enum(['welcome', 'out-of-office', 'large-file']),
  text: z.string(),
  everyMinutes: z.number().nullable(),
  decidedAtMs: z.number(),
});
export type AutomaticJob = z.output<typeof automaticJobSchema>;

/** The payload of a job that sends an automatic answer. Its text is decided with the cause and does not change afterwards. */
export const automaticJob = (
  answer: AutomaticAnswer,
  about: {
    readonly channelId: string;
    readonly chat: Pick<Chat, 'chatId' | 'topicId'>;
    readonly cause: string;
    readonly nowMs: number;
  },
): AutomaticJob => ({
  channelId: about.channelId,
  chatId: about.chat.chatId,
  topicId: about.chat.topicId,
  cause: about.cause,
  kind: answer.kind,
  text: answer.text,
  everyMinutes: answer.everyMinutes,
  decidedAtMs: about.nowMs,
});

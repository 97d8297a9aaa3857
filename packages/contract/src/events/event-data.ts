/** What an event carries beside its head. */
import { z } from 'zod';
import { Message } from '../messages/message.ts';

/** A message as it is now, not as it was at the time of the event, and without its lists, which grow. */
export const EventMessage = Message.omit({ attempts: true, edits: true, taps: true }).meta({
  id: 'EventMessage',
  description:
    'The message as it is when the event is read: later events may already show in it. Its attempts, edits and taps are left out: `GET /api/v1/messages/{message_id}` has them.',
});
export type EventMessage = z.output<typeof EventMessage>;

export const EventChat = z
  .strictObject({
    id: z.string().meta({ description: "Telegram's chat id." }),
    title: z
      .string()
      .nullable()
      .meta({ description: "The person's name in a private chat, else the title. Null while it is not known." }),
    username: z.string().nullable(),
  })
  .meta({ id: 'EventChat' });
export type EventChat = z.output<typeof EventChat>;

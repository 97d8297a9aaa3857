/** What an event carries beside its head. */
import { z } from 'zod';
import { Message } from '../operations/messages.ts';

/** A message as it is now, not as it was at the time of the event. Its attempts are read with `GET /api/v1/messages/{message_id}`. */
export const EventMessage = Message.omit({ attempts: true }).meta({
  id: 'EventMessage',
  description:
    'The message as it is when the event is read: later events may already show in it. Its attempts are left out.',
});
export type EventMessage = z.output<typeof EventMessage>;

export const EventTap = z
  .strictObject({
    button: z.string().nullable().meta({ description: 'The label. Null if it is not known.' }),
    data: z.unknown().meta({ description: 'The data of the button, unchanged.' }),
    message_id: z.int().nullable().meta({ description: 'The message with the button. Null if it is not known.' }),
  })
  .meta({ id: 'EventTap' });
export type EventTap = z.output<typeof EventTap>;

export const EventContact = z
  .strictObject({
    phone_number: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    is_own: z.boolean().meta({ description: 'Whether Telegram confirms that it is the number of the customer.' }),
  })
  .meta({ id: 'EventContact' });
export type EventContact = z.output<typeof EventContact>;

export const EventLocation = z
  .strictObject({
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().nullable(),
    address: z.string().nullable(),
    is_live: z.boolean().meta({ description: 'Whether it is updated while the customer moves.' }),
  })
  .meta({ id: 'EventLocation' });
export type EventLocation = z.output<typeof EventLocation>;

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

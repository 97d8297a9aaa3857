/** Everything that the event log reports, with one sentence about each. */
export const eventSentences = {
  'message.accepted': 'A message is stored and will be sent.',
  'message.sent': 'Telegram has accepted the message.',
  'message.failed': 'The message was certainly not sent.',
  'message.unknown': 'The message may have been sent. It is not sent again.',
  'message.resolved': 'It was decided whether an unknown message was sent.',
  'message.edited': 'A message that was sent has other words, media or buttons now.',
  'message.deleted': 'A message that was sent was deleted, or a scheduled message was cancelled.',
  'message.recorded': 'The message is in the inbox.',
  'message.not_recorded': 'The message could not be written into the inbox. A person must look at it.',
  'message.received': 'The customer sent a message.',
  'message.received_edited': 'The customer changed a message.',
  'button.tapped': 'The customer tapped a button of a message.',
  'contact.shared': 'The customer shared a contact.',
  'location.shared': 'The customer shared a location.',
  'chat.started': 'The customer started the bot.',
  'chat.blocked': 'The customer blocked the bot, or the bot was removed from a group.',
  'chat.unblocked': 'The customer unblocked the bot, or the bot was added to a group again.',
  'chat.migrated': 'Telegram gave a group a new chat id.',
  'reply.sent': "Telegram has accepted an agent's reply.",
  'reply.failed': "An agent's reply was certainly not sent.",
  'reply.unknown': "An agent's reply may have been sent. It is not sent again.",
  'channel.broken': 'A channel cannot send or receive. A person must look at it.',
  'channel.recovered': 'A broken channel works again.',
  'alarm.raised': 'Something needs a person.',
  'alarm.cleared': 'What needed a person is solved.',
} as const;

export type EventType = keyof typeof eventSentences;

/** All types, in the order of the documentation. */
export const eventTypes = Object.keys(eventSentences) as [EventType, ...EventType[]];

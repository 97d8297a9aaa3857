import { IdempotentHeaders } from '../headers.ts';
import type { ParseSuccess } from '../json/parse.ts';
import { Message } from '../messages/message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { messageExamples } from '../messages/send-examples.ts';
import { SendMessage } from '../messages/send-message.ts';
import { operation } from '../operation.ts';
import { Validation } from './telegram.ts';

const sendMessage = operation({
  id: 'sendMessage',
  method: 'POST',
  repetition: 'message',
  path: '/api/v1/messages',
  auth: 'key',
  permission: 'send',
  tag: 'Messages',
  summary: 'Send a message.',
  description:
    'Sends one message: a text, a file, an album, a place, a contact or a poll, with or without buttons. 201 means that Telegram has accepted the message and that this fact is stored; the copy in the inbox follows. The recipient must have started a chat with the bot. All problems of a body are listed at once, and nothing is sent then. Unknown fields are problems.',
  headers: IdempotentHeaders,
  body: SendMessage,
  normalise: parseMessage,
  responses: { 201: Message },
  errors: ['EMPTY_BODY', 'USER_NOT_FOUND', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND', 'OUTCOME_UNKNOWN'],
  examples: messageExamples,
});

/** The answer lists the problems of the body, so every body is accepted here. */
const acceptAnyBody = (json: unknown): ParseSuccess<unknown> => ({ ok: true, value: json, warnings: [] });

const validateMessage = operation({
  id: 'validateMessage',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/messages/validate',
  auth: 'key',
  permission: 'send',
  tag: 'Messages',
  summary: 'Check a message without sending it.',
  description:
    'Accepts the body of `sendMessage` and answers with all its problems. Sends nothing, fetches nothing, and looks nothing up.',
  body: SendMessage,
  normalise: acceptAnyBody,
  responses: { 200: Validation },
  errors: [],
  examples: messageExamples,
});

export const sendMessageOperations = { sendMessage, validateMessage } as const;

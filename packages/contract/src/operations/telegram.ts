import { z } from 'zod';
import { Problem } from '../errors.ts';
import { SendHeaders } from '../headers.ts';
import { parseSend } from '../interactive/parse-send.ts';
import { SendInteractive } from '../interactive/send.ts';
import type { ParseSuccess } from '../json/parse.ts';
import { operation } from '../operation.ts';
import { sendExamples } from './send-examples.ts';

export const Sent = z
  .strictObject({
    request_id: z.uuid(),
    message_id: z.int().meta({ description: "The gateway's number of the message.", examples: [7382914] }),
    channel_message_id: z
      .string()
      .meta({ description: "`tg-` and Telegram's number of the message.", examples: ['tg-2418'] }),
    warnings: z
      .array(Problem)
      .optional()
      .meta({ description: 'Fields that were ignored, and settings that could not be applied.' }),
  })
  .meta({
    id: 'Sent',
    examples: [
      {
        request_id: '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a',
        message_id: 7382914,
        channel_message_id: 'tg-2418',
      },
    ],
  });
export type Sent = z.output<typeof Sent>;

export const Validation = z.strictObject({ valid: z.boolean(), problems: z.array(Problem) }).meta({ id: 'Validation' });
export type Validation = z.output<typeof Validation>;

const sendTelegramInteractive = operation({
  id: 'sendTelegramInteractive',
  method: 'POST',
  repetition: 'message',
  path: '/api/v1/telegram/interactive',
  auth: 'key',
  permission: 'send',
  tag: 'Telegram',
  summary: 'Send an interactive message.',
  description:
    'Sends one message with buttons, a reply keyboard, the removal of a reply keyboard, or a prompt to reply. 201 means that Telegram has accepted the message and that this fact is stored; the copy in the inbox follows. The recipient must have started a chat with the bot. Unknown fields (`additionalProperties: false`) do not fail the request: they are ignored and named in `warnings`. With `Prefer: handling=strict` they are errors.',
  headers: SendHeaders,
  body: SendInteractive,
  normalise: parseSend,
  responses: { 201: Sent },
  errors: ['EMPTY_BODY', 'USER_NOT_FOUND', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND', 'OUTCOME_UNKNOWN'],
  examples: sendExamples,
});

/** The answer lists the problems of the body, so every body is accepted here. */
const acceptAnyBody = (json: unknown): ParseSuccess<unknown> => ({ ok: true, value: json, warnings: [] });

const validateTelegramInteractive = operation({
  id: 'validateTelegramInteractive',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/telegram/interactive/validate',
  auth: 'key',
  permission: 'send',
  tag: 'Telegram',
  summary: 'Check a message without sending it.',
  description: 'Accepts the body of a send and answers with all its problems, including unknown fields. Sends nothing.',
  body: SendInteractive,
  normalise: acceptAnyBody,
  responses: { 200: Validation },
  errors: [],
  examples: sendExamples,
});

export const telegramOperations = { sendTelegramInteractive, validateTelegramInteractive } as const;

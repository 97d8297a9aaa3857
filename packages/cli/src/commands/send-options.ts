import type { SendInteractive } from '@chatferry/sdk';
import { text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

export const sendOptions = {
  to: text('CHAT_ID', 'The Telegram chat; else destination_user_id of the body.'),
  file: text('PATH', 'The message or the whole request as JSON; standard input when absent or -.'),
  channel: text('ID', 'With a workspace key: the channel to send from.'),
  teammate: text('ID', 'The Intercom teammate who appears as the sender.'),
  'hubspot-user': text('ID', 'The HubSpot user who appears as the sender.'),
} as const;

const example = 'chatferry send --to 123456789 --file message.json';

/** The request: the JSON as it is, with the fields that the options name. What it may hold is the gateway's to say. */
export const readSend = (json: string, values: ValuesOf<typeof sendOptions>): SendInteractive => {
  const parsed = parse(json);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UsageError('The message must be a JSON object.', example);
  const isRequest = 'telegram_interactive_message' in parsed || 'destination_user_id' in parsed;
  const request = {
    ...(isRequest ? parsed : { telegram_interactive_message: parsed }),
    ...(values.to === undefined ? {} : { destination_user_id: values.to }),
    ...(values.channel === undefined ? {} : { channel_id: values.channel }),
    ...(values.teammate === undefined ? {} : { intercom_teammate_id: values.teammate }),
    ...(values['hubspot-user'] === undefined ? {} : { hubspot_user_id: values['hubspot-user'] }),
  };
  // The gateway checks it and lists every problem; a second check here would differ one day.
  return request as SendInteractive;
};

const parse = (json: string): unknown => {
  if (json.trim() === '') throw new UsageError('There is no message: what was read is empty.', example);
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`The message is not JSON: ${error.message}.`, example);
  }
};

/** Acts as the customer of a test chat. */
import type { TestAction } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { operationCommand } from '../operation-command.ts';
import { number, required, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type View } from '../view.ts';

const describeAction = ({ effect, value, channel_message_id }: TestAction): View => [
  fields({ effect, value, 'in Telegram': channel_message_id }),
  effect === 'update'
    ? 'The bot was told. To see what follows: chatferry listen'
    : 'This happens in the app of the customer. The bot is not told.',
];

const tapOptions = {
  button: text('LABEL', 'The label of the button.'),
  data: text('DATA', 'The data of the button, as JSON or as a text, in place of its label.'),
  message: number('ID', 'The message with the button. Default: the newest that has it.'),
} as const;

/** JSON, or the text itself if it is none. */
const readData = (given: string | undefined): unknown => {
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given);
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
};

const readTap = ({ values, argument }: Call<typeof tapOptions>) => {
  if ((values.button === undefined) === (values.data === undefined))
    throw new UsageError('Give either --button or --data.', `chatferry trigger tap ${argument} --button Confirm`);
  return { button: values.button, data: readData(values.data), message_id: values.message };
};

const placeOptions = {
  latitude: required(text('DEGREES', 'From -90 to 90.')),
  longitude: required(text('DEGREES', 'From -180 to 180.')),
} as const;

const inTestMode = 'Works with a key of a test channel only (cf_test_…); `chatferry setup` makes one.';

export const triggerCommands: readonly Command[] = [
  operationCommand({
    name: 'trigger tap',
    operation: 'testTap',
    description: inTestMode,
    options: tapOptions,
    examples: ['trigger tap 424242 --button Confirm', 'trigger tap 424242 --data yes'],
    request: readTap,
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger reply',
    operation: 'testText',
    description: `It answers a message that asks for a reply. ${inTestMode}`,
    options: { text: required(text('TEXT', 'What the customer writes.')) },
    examples: ['trigger reply 424242 --text Hello'],
    request: ({ values }) => ({ text: values.text }),
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger start',
    operation: 'testStart',
    description: inTestMode,
    options: { payload: text('TEXT', 'The payload of the link that led to the bot.') },
    examples: ['trigger start 424242', 'trigger start 424242 --payload order-1'],
    request: ({ values }) => ({ payload: values.payload }),
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger block',
    operation: 'testBlock',
    description: inTestMode,
    request: () => ({}),
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger unblock',
    operation: 'testUnblock',
    description: inTestMode,
    request: () => ({}),
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger contact',
    operation: 'testContact',
    description: inTestMode,
    options: { phone: text('NUMBER', 'The phone number. Default: one that follows from the chat.') },
    examples: ['trigger contact 424242 --phone 15550100'],
    request: ({ values }) => ({ phone_number: values.phone }),
    view: describeAction,
  }),
  operationCommand({
    name: 'trigger location',
    operation: 'testLocation',
    description: inTestMode,
    options: placeOptions,
    examples: ['trigger location 424242 --latitude 52.52 --longitude 13.405'],
    request: ({ values }) => ({ latitude: Number(values.latitude), longitude: Number(values.longitude) }),
    view: describeAction,
  }),
];

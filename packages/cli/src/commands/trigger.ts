/** Acts as the customer of a test chat. */
import { ApiError } from '@chatferry/sdk';
import type { Call, Command, Outcome } from '../command.ts';
import { operationCommand } from '../operation-command.ts';
import { number, type Options, required, text } from '../option.ts';
import { actInSandbox, type Phone, type SandboxAction, tapOf } from '../sandbox-customer.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type View } from '../view.ts';

interface Done {
  readonly effect: string;
  readonly value: string | null;
  readonly channel_message_id: string | null;
}

const describeAction = ({ effect, value, channel_message_id }: Done): View => [
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

const inTestMode =
  'Works with a key of a test channel (cf_test_…); `chatferry setup --test` makes one. With --sandbox it works in a sandbox that runs on its own.';

const sandboxOptions = {
  sandbox: text('URL', 'The address that `npm run sandbox` printed: act in its chat, whatever the key.'),
  bot: text('NAME', 'With --sandbox: the bot, if several have the chat.'),
} as const;

type Values = Readonly<Record<string, string | undefined>>;

const elsewhere = [
  'For a gateway that is connected to npm run sandbox, add --sandbox http://127.0.0.1:4010.',
  'For test mode, get a key with chatferry setup --test.',
].join('\n');

/** In test mode, by the gateway. A live key cannot act as a customer: then the person learns what can. */
const actInTestMode = async (command: Command, call: Call<Options>): Promise<Outcome> => {
  if (call.values['bot'] !== undefined) throw new UsageError('--bot needs --sandbox.');
  try {
    return await command.run(call);
  } catch (error) {
    if (error instanceof ApiError && error.name === 'FORBIDDEN') call.notify(elsewhere);
    throw error;
  }
};

/** The command, which can also act in a sandbox. `choose` says what the customer does there. */
const alsoInSandbox = (command: Command, choose: (values: Values, phone: Phone) => SandboxAction): Command => ({
  ...command,
  options: { ...command.options, ...sandboxOptions },
  run: async (call) => {
    const values = call.values as Values;
    const { sandbox: base, bot } = values;
    if (base === undefined) return actInTestMode(command, call);
    const done = await actInSandbox({ base, bot, chatId: call.argument, choose: (phone) => choose(values, phone) });
    return { json: done, view: describeAction(done) };
  },
});

const tapInSandbox = ({ button, data, message }: Values, phone: Phone): SandboxAction => {
  if (message !== undefined) throw new UsageError('--message is for test mode; a sandbox knows no such ids.');
  if ((button === undefined) === (data === undefined)) throw new UsageError('Give either --button or --data.');
  return tapOf(phone, button === undefined ? { data: data ?? '' } : { button });
};

export const triggerCommands: readonly Command[] = [
  alsoInSandbox(
    operationCommand({
      name: 'trigger tap',
      operation: 'testTap',
      description: inTestMode,
      options: tapOptions,
      examples: [
        'trigger tap 424242 --button Confirm',
        'trigger tap 424242 --data yes',
        'trigger tap 1000001 --button Confirm --sandbox http://127.0.0.1:4010',
      ],
      request: readTap,
      view: describeAction,
    }),
    tapInSandbox,
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger reply',
      operation: 'testText',
      description: `It answers a message that asks for a reply. ${inTestMode}`,
      options: { text: required(text('TEXT', 'What the customer writes.')) },
      examples: ['trigger reply 424242 --text Hello'],
      request: ({ values }) => ({ text: values.text }),
      view: describeAction,
    }),
    ({ text: words }) => ({ route: 'text', body: { text: words } }),
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger start',
      operation: 'testStart',
      description: inTestMode,
      options: { payload: text('TEXT', 'The payload of the link that led to the bot.') },
      examples: ['trigger start 424242', 'trigger start 424242 --payload order-1'],
      request: ({ values }) => ({ payload: values.payload }),
      view: describeAction,
    }),
    ({ payload }) => ({ route: 'start', body: { payload } }),
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger block',
      operation: 'testBlock',
      description: inTestMode,
      request: () => ({}),
      view: describeAction,
    }),
    () => ({ route: 'block', body: {} }),
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger unblock',
      operation: 'testUnblock',
      description: inTestMode,
      request: () => ({}),
      view: describeAction,
    }),
    () => ({ route: 'unblock', body: {} }),
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger contact',
      operation: 'testContact',
      description: inTestMode,
      options: { phone: text('NUMBER', 'The phone number. Default: one that follows from the chat.') },
      examples: ['trigger contact 424242 --phone 15550100'],
      request: ({ values }) => ({ phone_number: values.phone }),
      view: describeAction,
    }),
    ({ phone }) => ({ route: 'share-contact', body: { phone_number: phone } }),
  ),
  alsoInSandbox(
    operationCommand({
      name: 'trigger location',
      operation: 'testLocation',
      description: inTestMode,
      options: placeOptions,
      examples: ['trigger location 424242 --latitude 52.52 --longitude 13.405'],
      request: ({ values }) => ({ latitude: Number(values.latitude), longitude: Number(values.longitude) }),
      view: describeAction,
    }),
    ({ latitude, longitude }) => ({
      route: 'share-location',
      body: { latitude: Number(latitude), longitude: Number(longitude) },
    }),
  ),
];

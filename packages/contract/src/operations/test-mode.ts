import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { ChatId } from '../interactive/send.ts';
import { messageTextMax } from '../interactive/text.ts';
import { operation } from '../operation.ts';

export const TestChannelCreated = z
  .strictObject({
    id: idSchema('channel').meta({ description: 'The channel.' }),
    workspace_id: idSchema('workspace'),
    name: z.string(),
    bot: z.strictObject({ id: z.string(), username: z.string() }),
    key: z
      .strictObject({ id: idSchema('key'), secret: z.string().meta({ secret: true }) })
      .meta({ description: 'The key of the channel. It begins with `cf_test_`. Shown here and never again.' }),
  })
  .meta({ id: 'TestChannelCreated' });
export type TestChannelCreated = z.output<typeof TestChannelCreated>;

const createTestChannel = operation({
  id: 'createTestChannel',
  method: 'POST',
  repetition: 'once',
  ifLost: 'The test channel {id} exists. POST /api/v1/keys makes another key for it.',
  path: '/api/v1/test-mode',
  auth: 'any',
  permission: 'manage',
  reach: 'installation',
  tag: 'Test mode',
  summary: 'Create a test channel with its key.',
  description:
    'Needs neither a bot nor an inbox. The chats of the channel are simulated phones inside the gateway, and everything else is as with a real channel. Every chat id can be written to at once; some reserved ones force a failure (docs/test-mode.md lists them). Returns the key only once. To remove a test channel, delete its workspace.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({ name: DisplayName.default('Test mode').meta({ description: 'The name of the workspace.' }) })
    .meta({ id: 'CreateTestChannel' }),
  responses: { 201: TestChannelCreated },
  errors: [],
  examples: { one: { summary: 'A test channel', value: {} } },
});

export const testEffects = [
  'update',
  'opened-url',
  'copied',
  'drafted',
  'chose-chat',
  'opened-web-app',
  'nothing',
] as const;

export const TestAction = z
  .strictObject({
    effect: z.enum(testEffects).meta({
      description:
        '`update`: the bot was told, and the events follow. Everything else happens in the app of the customer, and the bot is not told.',
    }),
    value: z.string().nullable().meta({
      description: 'The address that was opened, the text that was copied, or the draft. Null for an `update`.',
    }),
    channel_message_id: z
      .string()
      .nullable()
      .meta({
        description: "`tg-` and Telegram's number of the message that the customer sent. Null if they sent none.",
        examples: ['tg-10002'],
      }),
  })
  .meta({ id: 'TestAction', description: 'What the customer of a test chat did.' });
export type TestAction = z.output<typeof TestAction>;

const params = z.strictObject({ chat_id: ChatId });

/** An operation in which the caller acts as the customer of a test chat. */
const customerAction = <const Id extends string, const Verb extends string, B extends z.ZodType>(facts: {
  readonly id: Id;
  readonly verb: Verb;
  readonly summary: string;
  readonly description: string;
  readonly body: B;
  readonly example: { readonly summary: string; readonly value: unknown };
}) =>
  operation({
    id: facts.id,
    method: 'POST',
    repetition: 'safe',
    path: `/api/v1/test-mode/chats/{chat_id}/${facts.verb}`,
    auth: 'key',
    permission: 'send',
    tag: 'Test mode',
    summary: facts.summary,
    description: `${facts.description} Needs a key that begins with \`cf_test_\`.`,
    params,
    body: facts.body,
    responses: { 200: TestAction },
    errors: ['NOT_FOUND'],
    examples: { one: facts.example },
  });

const label = z.string().min(1).max(1000);

const testTap = customerAction({
  id: 'testTap',
  verb: 'tap',
  summary: 'Tap a button of a test chat.',
  description:
    'Taps the button with this label or this data, or presses the key of a reply keyboard with this label. The button of the newest message that has one, or of the message that you name.',
  body: z
    .strictObject({
      button: label.optional().meta({ description: 'The label of the button. Either this or `data`.' }),
      data: z.unknown().optional().meta({ description: 'The data of the button, as the message has it.' }),
      message_id: z.int().min(1).optional().meta({ description: "The gateway's number of the message." }),
    })
    .refine(({ button, data }) => (button === undefined) !== (data === undefined), {
      path: ['button'],
      message: 'must be given, or data instead: exactly one of the two.',
    })
    .meta({ id: 'TestTap' }),
  example: { summary: 'By its label', value: { button: 'Confirm' } },
});

const testText = customerAction({
  id: 'testText',
  verb: 'text',
  summary: 'Write as the customer of a test chat.',
  description: 'The customer sends a text. It answers a message that asks for a reply.',
  body: z.strictObject({ text: z.string().min(1).max(messageTextMax) }).meta({ id: 'TestText' }),
  example: { summary: 'A question', value: { text: 'Where is my order?' } },
});

const testStart = customerAction({
  id: 'testStart',
  verb: 'start',
  summary: 'Press Start in a test chat.',
  description: 'The customer presses Start, perhaps by a link with a payload.',
  body: z
    .strictObject({
      payload: z
        .string()
        .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, - and _.')
        .optional(),
    })
    .meta({ id: 'TestStart' }),
  example: { summary: 'With a payload', value: { payload: 'order-1' } },
});

const nothing = (id: string) => z.strictObject({}).meta({ id });

const testBlock = customerAction({
  id: 'testBlock',
  verb: 'block',
  summary: 'Block the bot in a test chat.',
  description: 'Sends to this chat fail until the customer unblocks the bot.',
  body: nothing('TestBlock'),
  example: { summary: 'Block', value: {} },
});

const testUnblock = customerAction({
  id: 'testUnblock',
  verb: 'unblock',
  summary: 'Unblock the bot in a test chat.',
  description: 'Sends to this chat work again.',
  body: nothing('TestUnblock'),
  example: { summary: 'Unblock', value: {} },
});

const testContact = customerAction({
  id: 'testContact',
  verb: 'contact',
  summary: 'Share the contact of the customer of a test chat.',
  description: 'The customer shares their own phone number.',
  body: z
    .strictObject({
      phone_number: z
        .string()
        .regex(/^\+?[0-9]{5,15}$/, 'must be a phone number: 5 to 15 digits.')
        .optional()
        .meta({ description: 'Absent: a number that follows from the chat id.' }),
    })
    .meta({ id: 'TestContact' }),
  example: { summary: 'A phone number', value: { phone_number: '15550100' } },
});

const testLocation = customerAction({
  id: 'testLocation',
  verb: 'location',
  summary: 'Share the location of the customer of a test chat.',
  description: 'The customer shares a place on the map.',
  body: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .meta({ id: 'TestLocation' }),
  example: { summary: 'A place', value: { latitude: 52.52, longitude: 13.405 } },
});

export const testModeOperations = {
  createTestChannel,
  testTap,
  testText,
  testStart,
  testBlock,
  testUnblock,
  testContact,
  testLocation,
} as const;

import { z } from 'zod';
import { DisplayName, ServerAddress, whoMayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { kindsWith } from '../inbox-kinds.ts';
import { operation } from '../operation.ts';
import { ChangeChannelOptions, ChannelOptions } from './channel-options.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const BotToken = z
  .string()
  .regex(
    /^[1-9][0-9]{0,16}:[A-Za-z0-9_-]{24,62}$/,
    'must be the token of a bot as BotFather shows it: digits, a colon, and at least 24 characters.',
  )
  .meta({ secret: true, writeOnly: true });

const Updates = z
  .enum(['polling', 'webhook'])
  .meta({ description: 'How updates arrive. Absent: webhook if the gateway has a public address, else polling.' });

const Activity = z
  .strictObject({
    last_update_at: Timestamp.nullable().meta({ description: 'The last update from Telegram.' }),
    last_sent_at: Timestamp.nullable().meta({ description: 'The last message that Telegram accepted.' }),
    last_entry_at: Timestamp.nullable().meta({ description: 'The last entry that was written into the inbox.' }),
    last_inbox_event_at: Timestamp.nullable().meta({
      description: 'The last event from the inbox. The same for all channels of a workspace.',
    }),
  })
  .meta({
    id: 'ChannelActivity',
    description: 'The last activity in each direction, accurate to the minute. Null: none yet.',
  });

export const legNames = ['telegram_in', 'telegram_out', 'inbox_in', 'inbox_out', 'grant'] as const;

const LegName = z.enum(legNames).meta({
  description:
    '`telegram_in`: updates from Telegram; `telegram_out`: sends to Telegram; `inbox_in`: events from the inbox; `inbox_out`: entries into the inbox; `grant`: the authorization for the inbox. The last three are the same for all channels of a workspace.',
});

export const ChannelLeg = z
  .strictObject({
    name: LegName,
    state: z.enum(['alive', 'failing', 'silent']).meta({ description: '`silent`: no activity has been seen yet.' }),
    since: Timestamp.nullable().meta({
      description: 'When this state began, accurate to the minute. Null if there was no other state before.',
    }),
    problem: z.string().nullable(),
    remedy: z.string().nullable().meta({ description: 'What to do if the leg is failing.' }),
  })
  .meta({ id: 'ChannelLeg' });
export type ChannelLeg = z.output<typeof ChannelLeg>;

const channelFields = {
  id: idSchema('channel'),
  workspace_id: idSchema('workspace'),
  name: z.string(),
  bot: z.strictObject({
    id: z.string(),
    username: z.string(),
    supports_inline_queries: z.boolean(),
  }),
  updates: z
    .enum(['polling', 'webhook', 'direct'])
    .meta({ description: '`direct`: a channel of test mode. Its simulated chats are inside the gateway.' }),
  api_root: z.string().meta({ description: 'The Bot API server.' }),
  file_root: z.string().meta({ description: 'The server that files are downloaded from.' }),
  interactive_enabled: z.boolean(),
  options: ChannelOptions,
  state: z.enum(['active', 'disabled', 'broken']),
  problem: z.string().nullable().meta({ description: 'Why the channel is broken, and what to do.' }),
  activity: Activity,
  legs: z.array(ChannelLeg),
  created_at: Timestamp,
} as const;

export const Channel = z.strictObject(channelFields).meta({ id: 'Channel' });
export type Channel = z.output<typeof Channel>;

export const ChannelCreated = z
  .strictObject({
    ...channelFields,
    key: z
      .strictObject({ id: idSchema('key'), secret: z.string().meta({ secret: true }) })
      .meta({ description: 'The API key of the channel. Shown here and never again.' }),
  })
  .meta({ id: 'ChannelCreated' });
export type ChannelCreated = z.output<typeof ChannelCreated>;

export const ChannelCheck = z
  .strictObject({
    ok: z.boolean(),
    legs: z.array(
      z.strictObject({
        name: LegName,
        ok: z.boolean(),
        since: Timestamp.nullable().meta({
          description: 'When the current state began. Null if no activity was seen before.',
        }),
        detail: z.string().meta({ description: 'What was found, and what to do if something is wrong.' }),
      }),
    ),
  })
  .meta({ id: 'ChannelCheck' });
export type ChannelCheck = z.output<typeof ChannelCheck>;

const params = z.strictObject({ channel_id: idSchema('channel') });
const path = '/api/v1/channels/{channel_id}';

const createChannel = operation({
  id: 'createChannel',
  method: 'POST',
  repetition: 'once',
  ifLost: 'The channel {id} exists. POST /api/v1/keys makes another key for it; delete the key whose secret was lost.',
  path: '/api/v1/channels',
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Connect a Telegram bot to a workspace.',
  description: 'Returns the API key of the new channel, only once.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      workspace_id: idSchema('workspace'),
      name: DisplayName.optional().meta({ description: "Absent: the bot's user name." }),
      bot_token: BotToken,
      updates: Updates.optional(),
      inbox_id: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .meta({
          description: `${kindsWith('inboxes')}: the inbox of this bot's conversations. Absent: the inbox of the workspace, or the only one of the account.`,
        }),
      api_root: ServerAddress.optional().meta({ description: `The Bot API server. ${whoMayName}` }),
      file_root: ServerAddress.optional().meta({
        description: `The server that files are downloaded from. ${whoMayName}`,
      }),
    })
    .meta({ id: 'CreateChannel' }),
  responses: { 201: ChannelCreated },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND', 'ALREADY_CONNECTED', 'INBOX_REFUSED'],
  examples: {
    bot: {
      summary: 'A Telegram bot',
      value: { workspace_id: 'wsp_01k8xample', bot_token: '123456789:AAExampleExampleExampleExample00000' },
    },
  },
});

const listChannels = operation({
  id: 'listChannels',
  method: 'GET',
  path: '/api/v1/channels',
  auth: 'any',
  permission: 'read',
  tag: 'Channels',
  summary: 'List channels, oldest first.',
  description: 'The channels of one workspace or of all.',
  query: z.strictObject({ ...pageQuery, workspace_id: idSchema('workspace').optional() }),
  responses: { 200: pageOf(Channel).meta({ id: 'ChannelPage' }) },
  errors: [],
});

const getChannel = operation({
  id: 'getChannel',
  method: 'GET',
  path,
  auth: 'any',
  permission: 'read',
  tag: 'Channels',
  summary: 'Show a channel, without its bot token.',
  description: 'Includes its options, and the state of each leg.',
  params,
  responses: { 200: Channel },
  errors: ['NOT_FOUND'],
});

const updateChannel = operation({
  id: 'updateChannel',
  method: 'PATCH',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Change a channel.',
  description:
    'Absent fields do not change, also within `options`. A new bot token must belong to the same bot. A server at another origin needs `bot_token` in the same request.',
  params,
  body: z
    .strictObject({
      name: DisplayName.optional(),
      bot_token: BotToken.optional(),
      updates: Updates.optional(),
      api_root: ServerAddress.optional().meta({ description: `The Bot API server. ${whoMayName}` }),
      file_root: ServerAddress.optional().meta({
        description: `The server that files are downloaded from. ${whoMayName}`,
      }),
      interactive_enabled: z.boolean().optional(),
      options: ChangeChannelOptions.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ id: 'UpdateChannel' }),
  responses: { 200: Channel },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND', 'ALREADY_CONNECTED'],
  examples: {
    disable: { summary: 'Switch a channel off', value: { state: 'disabled' } },
    options: {
      summary: "Show the agent's name, and answer outside the office hours",
      value: {
        options: {
          agent_name: 'first_name',
          tap: { toast: 'Thank you', after: 'mark' },
          out_of_office: {
            time_zone: 'Europe/Berlin',
            weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
            text: 'We are back at nine.',
          },
        },
      },
    },
  },
});

const deleteChannel = operation({
  id: 'deleteChannel',
  method: 'DELETE',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Delete a channel with its keys.',
  description:
    'Telegram then no longer delivers the updates of the bot to the gateway, and the keys of the channel are revoked.',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

const checkChannel = operation({
  id: 'checkChannel',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/channels/{channel_id}/check',
  auth: 'any',
  permission: 'handle',
  tag: 'Channels',
  summary: 'Check that a channel works.',
  description:
    'Asks Telegram about the bot and its webhook, asks the inbox about the account and its authorization, and checks whether events from the inbox have arrived. Reports the result for each leg.',
  params,
  responses: { 200: ChannelCheck },
  errors: ['NOT_FOUND'],
});

const repairChannel = operation({
  id: 'repairChannel',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/channels/{channel_id}/repair',
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Make Telegram deliver the updates of a bot to the gateway again.',
  description:
    'Sets the webhook of the channel again, or removes the webhook of another system if the gateway polls, and then checks every leg. If another system takes the updates repeatedly, this is refused unless `force` is true: stop that system first.',
  params,
  body: z
    .strictObject({
      force: z
        .boolean()
        .default(false)
        .meta({ description: 'Repair also if another system has taken the updates twice within a day.' }),
    })
    .meta({ id: 'RepairChannel' }),
  responses: { 200: ChannelCheck },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND'],
  examples: { repair: { summary: 'Repair a channel', value: {} } },
});

export const channelOperations = {
  createChannel,
  listChannels,
  getChannel,
  updateChannel,
  deleteChannel,
  checkChannel,
  repairChannel,
} as const;

import { z } from 'zod';
import { DisplayName, ServerUrl } from '../field-schemas.ts';
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
  .meta({ description: 'How updates arrive. Absent: webhook where the gateway has a public address, else polling.' });

const Activity = z
  .strictObject({
    last_update_at: Timestamp.nullable().meta({ description: 'An update of Telegram was taken in.' }),
    last_sent_at: Timestamp.nullable().meta({ description: 'Telegram accepted a message.' }),
    last_entry_at: Timestamp.nullable().meta({ description: 'An entry was written into the inbox.' }),
    last_inbox_event_at: Timestamp.nullable().meta({
      description: 'An event of the inbox came in; the same for all channels of a workspace.',
    }),
  })
  .meta({
    id: 'ChannelActivity',
    description: 'When each leg was alive last, to the minute; null where it never was.',
  });

export const legNames = ['telegram_in', 'telegram_out', 'inbox_in', 'inbox_out', 'grant'] as const;

const LegName = z.enum(legNames).meta({
  description:
    'Updates of Telegram, sends to it, events of the inbox, entries into it, and what opens the inbox. The last three are the same for all channels of a workspace.',
});

export const ChannelLeg = z
  .strictObject({
    name: LegName,
    state: z.enum(['alive', 'failing', 'silent']).meta({ description: 'silent: nothing was seen of it yet.' }),
    since: Timestamp.nullable().meta({
      description: 'Since when it is in this state, to the minute; null where it was in no other.',
    }),
    problem: z.string().nullable(),
    remedy: z.string().nullable().meta({ description: 'What to do where it is failing.' }),
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
  updates: z.enum(['polling', 'webhook']),
  api_root: z.string().meta({ description: 'The Bot API server.' }),
  file_root: z.string().meta({ description: 'Where files are fetched from.' }),
  interactive_enabled: z.boolean(),
  options: ChannelOptions,
  state: z.enum(['active', 'disabled', 'broken']),
  problem: z.string().nullable().meta({ description: 'Why it is broken, and what to do.' }),
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
          description: 'Since when it is as it is now; null where nothing was seen of it before.',
        }),
        detail: z.string().meta({ description: 'What was found, and what to do where it is not in order.' }),
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
  path: '/api/v1/channels',
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Connect a bot.',
  description: 'Connects a Telegram bot to a workspace and returns its API key, once.',
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
      api_root: ServerUrl.optional(),
      file_root: ServerUrl.optional(),
    })
    .meta({ id: 'CreateChannel' }),
  responses: { 201: ChannelCreated },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND'],
  examples: {
    bot: {
      summary: 'A bot of Telegram',
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
  summary: 'List channels.',
  description: 'The oldest first.',
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
  summary: 'Show a channel.',
  description: 'Without its bot token.',
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
    'Fields that are absent stay as they are, within `options` too. A new bot token must belong to the same bot.',
  params,
  body: z
    .strictObject({
      name: DisplayName.optional(),
      bot_token: BotToken.optional(),
      updates: Updates.optional(),
      api_root: ServerUrl.optional(),
      file_root: ServerUrl.optional(),
      interactive_enabled: z.boolean().optional(),
      options: ChangeChannelOptions.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ id: 'UpdateChannel' }),
  responses: { 200: Channel },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND'],
  examples: {
    disable: { summary: 'Switch a channel off', value: { state: 'disabled' } },
    options: {
      summary: 'Say who answers, and when nobody does',
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
  summary: 'Delete a channel.',
  description: 'Ends the delivery of updates and revokes the keys of the channel.',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

const checkChannel = operation({
  id: 'checkChannel',
  method: 'POST',
  path: '/api/v1/channels/{channel_id}/check',
  auth: 'any',
  permission: 'handle',
  tag: 'Channels',
  summary: 'Check every leg of a channel.',
  description:
    'Asks Telegram for the bot and its webhook, and the inbox for itself and its grant, looks whether events of the inbox ever came, and reports each.',
  params,
  responses: { 200: ChannelCheck },
  errors: ['NOT_FOUND'],
});

const repairChannel = operation({
  id: 'repairChannel',
  method: 'POST',
  path: '/api/v1/channels/{channel_id}/repair',
  auth: 'any',
  permission: 'manage',
  tag: 'Channels',
  summary: 'Take the updates of a bot back.',
  description:
    'Registers the webhook of the channel again, or removes a foreign one where the gateway polls, and then checks every leg. Where another system takes the updates again and again, it is refused unless `force` is true: end that system first.',
  params,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      force: z
        .boolean()
        .default(false)
        .meta({ description: 'Also where another system has taken them back twice within a day.' }),
    })
    .meta({ id: 'RepairChannel' }),
  responses: { 200: ChannelCheck },
  errors: ['TELEGRAM_REJECTED', 'NOT_FOUND'],
  examples: { repair: { summary: 'Take the updates back', value: {} } },
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

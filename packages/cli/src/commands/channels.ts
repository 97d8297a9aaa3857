import type { Channel, ChannelCheck, ChannelCreated, CreateChannel, UpdateChannel } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { kindsWithInboxes } from '../inbox-kinds.ts';
import { deleteCommand, listCommand, operationCommand } from '../operation-command.ts';
import { choice, flag, required, secret, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, onOff, type Row, table, time, type View } from '../view.ts';
import { behaviourOptions, describeBehaviour, readBehaviourChange } from './channel-options.ts';
import { curlCommand } from './curl-command.ts';

const describeLeg = ({ state, since, problem, remedy }: Channel['legs'][number]): string => {
  if (state === 'silent') return 'nothing seen yet';
  const when = since === null ? '' : ` since ${time(since)}`;
  return state === 'alive' ? `alive${when}` : `FAILING${when}: ${problem ?? ''} ${remedy ?? ''}`;
};

const legLabel = (name: Channel['legs'][number]['name']): string => name.replace('_', ' ');

const describeChannel = (channel: Channel): View => [
  fields({
    id: channel.id,
    name: channel.name,
    workspace: channel.workspace_id,
    bot: `@${channel.bot.username} (${channel.bot.id})`,
    'inline mode': onOff(channel.bot.supports_inline_queries),
    updates: channel.updates,
    'api root': channel.api_root,
    'file root': channel.file_root,
    'interactive sending': onOff(channel.interactive_enabled),
    ...describeBehaviour(channel.options),
    state: channel.state,
    problem: channel.problem,
    ...Object.fromEntries(channel.legs.map((leg) => [legLabel(leg.name), describeLeg(leg)])),
    'last update': time(channel.activity.last_update_at),
    'last sent': time(channel.activity.last_sent_at),
    'last entry': time(channel.activity.last_entry_at),
    'last inbox event': time(channel.activity.last_inbox_event_at),
    created: time(channel.created_at),
  }),
];

const describeNewChannel = (channel: ChannelCreated, { url }: Pick<Call<Record<string, never>>, 'url'>): View => [
  ...describeChannel(channel),
  `The key of this channel (${channel.key.id}). It is shown only now:\n\n  ${channel.key.secret}`,
  [
    'Next:',
    '1. Store the key, so that no command has to contain it. This asks for it:',
    '     chatferry login',
    '   Or set it in this shell; a space in front keeps the line out of the history of most shells:',
    '      export CHATFERRY_KEY=…',
    `2. Open https://t.me/${channel.bot.username} in Telegram and press Start.`,
    '3. Find the id of that chat in the column CHAT:',
    '     chatferry messages list',
    '4. Send a message, with that id in place of CHAT_ID:',
  ].join('\n'),
  curlCommand(url),
];

const rowOfChannel = (channel: Channel): Row => ({
  id: channel.id,
  name: channel.name,
  bot: `@${channel.bot.username}`,
  updates: channel.updates,
  state: channel.state,
  workspace: channel.workspace_id,
});

const describeCheck = ({ legs }: ChannelCheck): View => [
  table(
    legs.map(({ name, ok, since, detail }) => ({
      result: ok ? 'ok' : 'FAILED',
      leg: legLabel(name),
      since: time(since),
      detail,
    })),
  ),
];

const exitCodeOfCheck = ({ ok }: ChannelCheck): 0 | 1 => (ok ? 0 : 1);

const settingsOptions = {
  name: text('NAME', "The name of the channel. Default: the bot's user name."),
  updates: choice(
    ['polling', 'webhook'],
    'How updates arrive. Default: webhook if the gateway has a public address, else polling.',
  ),
  'api-root': text(
    'SERVER',
    'A Bot API server of your own: a URL, or a name that the operator has listed. Needs the token again.',
  ),
  'file-root': text('SERVER', 'The server that files are downloaded from, in the same way.'),
} as const;

const createOptions = {
  workspace: required(text('ID', 'The workspace.')),
  'bot-token': secret('The token of the bot, from @BotFather.'),
  inbox: text('ID', `${kindsWithInboxes}: the inbox of the bot's conversations; see workspaces inboxes.`),
  ...settingsOptions,
} as const;

const readNewChannel = async ({ values }: Call<typeof createOptions>): Promise<CreateChannel> => ({
  workspace_id: values.workspace,
  bot_token: await values['bot-token'].required(),
  name: values.name,
  updates: values.updates,
  inbox_id: values.inbox,
  api_root: values['api-root'],
  file_root: values['file-root'],
});

const updateOptions = {
  ...settingsOptions,
  name: text('NAME', 'A new name.'),
  'bot-token': secret('A new token of the same bot.'),
  interactive: choice(['on', 'off'], 'Whether interactive messages may be sent.'),
  state: choice(['active', 'disabled'], 'Switch the channel on or off.'),
  ...behaviourOptions,
} as const;

const readChannelChange = async ({ values, argument }: Call<typeof updateOptions>): Promise<UpdateChannel> => {
  const change = {
    name: values.name,
    bot_token: await values['bot-token'].given(),
    updates: values.updates,
    api_root: values['api-root'],
    file_root: values['file-root'],
    interactive_enabled: values.interactive === undefined ? undefined : values.interactive === 'on',
    options: readBehaviourChange(values),
    state: values.state,
  };
  if (Object.values(change).every((value) => value === undefined))
    throw new UsageError('There is nothing to change.', `chatferry channels update ${argument} --state disabled`);
  return change;
};

export const channelCommands: readonly Command[] = [
  operationCommand({
    name: 'channels create',
    operation: 'createChannel',
    description: 'Prints the API key of the channel, only once.',
    options: createOptions,
    examples: [
      'channels create --workspace wsp_01k8xample',
      'channels create --workspace wsp_01k8xample --bot-token-file ./bot-token --updates webhook',
    ],
    request: readNewChannel,
    view: describeNewChannel,
  }),
  listCommand({
    name: 'channels list',
    operation: 'listChannels',
    options: { workspace: text('ID', 'Only channels of this workspace.') },
    show: rowOfChannel,
    empty: 'There are no channels. Connect a bot: chatferry channels create --help',
  }),
  operationCommand({
    name: 'channels show',
    operation: 'getChannel',
    view: describeChannel,
  }),
  operationCommand({
    name: 'channels update',
    operation: 'updateChannel',
    description:
      'Options that are not given do not change anything. A new bot token must be of the same bot; --bot-token - reads it from standard input. An out-of-office text needs office hours and a time zone: --out-of-office "Back at nine" --office-hours "mon-fri 09:00-17:00" --time-zone Europe/Berlin.',
    options: updateOptions,
    examples: [
      'channels update chn_01k8xample --state disabled',
      'channels update chn_01k8xample --agent-name first_name --after-tap mark --tap-toast Thanks',
    ],
    request: readChannelChange,
    view: describeChannel,
  }),
  deleteCommand({
    name: 'channels delete',
    operation: 'deleteChannel',
    description: 'Telegram then no longer delivers the updates of the bot to the gateway.',
    confirmation: (channel) => `Delete the channel ${channel} with its keys?`,
  }),
  operationCommand({
    name: 'channels check',
    operation: 'checkChannel',
    description: 'Exits with 1 if something does not work.',
    view: describeCheck,
    exitCode: exitCodeOfCheck,
  }),
  operationCommand({
    name: 'channels repair',
    operation: 'repairChannel',
    description:
      'Sets the webhook again; if the gateway polls, it removes the webhook of another system. If another system takes the updates repeatedly, the repair is refused without --force: stop that system first.',
    options: { force: flag('Repair also if another system takes the updates repeatedly.') },
    request: ({ values }) => ({ force: values.force }),
    view: describeCheck,
    exitCode: exitCodeOfCheck,
  }),
];

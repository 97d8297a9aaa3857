import type { Channel, ChannelCheck } from '@chatferry/sdk';
import { type Command, command, type Said } from '../command.ts';
import { choice, flag, required, secret, text } from '../option.ts';
import { block, page, paragraphs, table, time } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { behaviourOptions, changeOfOptions, describeOptions } from './channel-options.ts';
import { curlOfSend } from './first-send.ts';
import { pagingOptions } from './paging-options.ts';

const describeLeg = ({ state, since, problem, remedy }: Channel['legs'][number]): string => {
  if (state === 'silent') return 'nothing seen yet';
  const when = since === null ? '' : ` since ${time(since)}`;
  return state === 'alive' ? `alive${when}` : `FAILING${when}: ${problem ?? ''} ${remedy ?? ''}`;
};

const describe = (channel: Channel): string =>
  block({
    id: channel.id,
    name: channel.name,
    workspace: channel.workspace_id,
    bot: `@${channel.bot.username} (${channel.bot.id})`,
    'inline mode': channel.bot.supports_inline_queries ? 'on' : 'off',
    updates: channel.updates,
    'api root': channel.api_root,
    'file root': channel.file_root,
    'interactive sending': channel.interactive_enabled ? 'on' : 'off',
    ...describeOptions(channel.options),
    state: channel.state,
    problem: channel.problem,
    ...Object.fromEntries(channel.legs.map((leg) => [leg.name.replace('_', ' '), describeLeg(leg)])),
    'last update': time(channel.activity.last_update_at),
    'last sent': time(channel.activity.last_sent_at),
    'last entry': time(channel.activity.last_entry_at),
    'last inbox event': time(channel.activity.last_inbox_event_at),
    created: time(channel.created_at),
  });

const said = (check: ChannelCheck): Said => {
  const rows = check.legs.map(({ name, ok, since, detail }) => [
    ok ? 'ok' : 'FAILED',
    name.replace('_', ' '),
    time(since),
    detail,
  ]);
  return { json: check, text: table(['RESULT', 'LEG', 'SINCE', 'DETAIL'], rows), exitCode: check.ok ? 0 : 1 };
};

const settings = {
  name: text('NAME', 'What you call it; the bot’s user name when absent.'),
  updates: choice(['polling', 'webhook'], 'How updates arrive; webhook when absent and there is a public address.'),
  'api-root': text('URL', 'Your own Bot API server.'),
  'file-root': text('URL', 'Where files are fetched from.'),
} as const;

export const channelCommands: readonly Command[] = [
  command({
    name: 'channels create',
    summary: 'Connect a Telegram bot to a workspace.',
    description: 'Prints the API key of the channel, once.',
    auth: 'admin',
    options: {
      workspace: required(text('ID', 'The workspace.')),
      'bot-token': secret('The token of the bot, from @BotFather.'),
      inbox: text('ID', 'HubSpot: the inbox of its conversations; see workspaces inboxes.'),
      ...settings,
    },
    examples: [
      'channels create --workspace wsp_01k8xample',
      'channels create --workspace wsp_01k8xample --bot-token-file ./bot-token --updates webhook',
    ],
    async run({ values, url, connect }) {
      const botToken = await values['bot-token'].required();
      const client = await connect();
      const channel = await client.createChannel({
        workspace_id: values.workspace,
        bot_token: botToken,
        name: values.name,
        updates: values.updates,
        inbox_id: values.inbox,
        api_root: values['api-root'],
        file_root: values['file-root'],
      });
      return {
        json: channel,
        text: paragraphs(
          describe(channel),
          `The key of this channel (${channel.key.id}); it is shown only now:\n\n  ${channel.key.secret}`,
          `Next:\n1. Open https://t.me/${channel.bot.username} in Telegram and press Start.\n2. Find the number of that chat under CHAT:\n     chatferry messages list --key ${channel.key.secret}\n3. Send, with that number in place of CHAT_ID:`,
          curlOfSend(url, channel.key.secret),
        ),
      };
    },
  }),
  command({
    name: 'channels list',
    summary: 'List channels, the oldest first.',
    auth: 'admin',
    options: { workspace: text('ID', 'Only those of this workspace.'), ...pagingOptions },
    examples: ['channels list'],
    async run({ values, connect }) {
      const { workspace, limit, cursor } = values;
      const found = await (await connect()).listChannels({ workspace_id: workspace, limit, cursor });
      const rows = found.data.map((channel) => [
        channel.id,
        channel.name,
        `@${channel.bot.username}`,
        channel.updates,
        channel.state,
        channel.workspace_id,
      ]);
      const lines = { headings: ['ID', 'NAME', 'BOT', 'UPDATES', 'STATE', 'WORKSPACE'], rows };
      const empty = 'There are no channels. Connect a bot: chatferry channels create --help';
      return { json: found, text: page(lines, found.next_cursor, empty) };
    },
  }),
  command({
    name: 'channels show',
    summary: 'Show a channel, without its bot token.',
    argument: 'channel',
    auth: 'admin',
    options: {},
    examples: ['channels show chn_01k8xample'],
    async run({ subject, connect }) {
      const channel = await (await connect()).getChannel({ channel_id: subject });
      return { json: channel, text: describe(channel) };
    },
  }),
  command({
    name: 'channels update',
    summary: 'Change a channel.',
    description:
      'What is not given stays as it is. A new bot token must be of the same bot; --bot-token - reads it from standard input. An out-of-office text needs hours and a time zone: --out-of-office "Back at nine" --office-hours "mon-fri 09:00-17:00" --time-zone Europe/Berlin.',
    argument: 'channel',
    auth: 'admin',
    options: {
      ...settings,
      name: text('NAME', 'A new name.'),
      'bot-token': secret('A new token of the same bot.'),
      interactive: choice(['on', 'off'], 'Whether interactive messages may be sent.'),
      state: choice(['active', 'disabled'], 'Switch it on or off.'),
      ...behaviourOptions,
    },
    examples: [
      'channels update chn_01k8xample --state disabled',
      'channels update chn_01k8xample --agent-name first_name --after-tap mark --tap-toast Thanks',
    ],
    async run({ values, subject, connect }) {
      const change = {
        name: values.name,
        bot_token: await values['bot-token'].given(),
        updates: values.updates,
        api_root: values['api-root'],
        file_root: values['file-root'],
        interactive_enabled: values.interactive === undefined ? undefined : values.interactive === 'on',
        options: changeOfOptions(values),
        state: values.state,
      };
      if (Object.values(change).every((value) => value === undefined))
        throw new UsageError('There is nothing to change.', `chatferry channels update ${subject} --state disabled`);
      const channel = await (await connect()).updateChannel({ channel_id: subject, ...change });
      return { json: channel, text: describe(channel) };
    },
  }),
  command({
    name: 'channels delete',
    summary: 'Delete a channel with its keys.',
    description: 'Telegram no longer delivers the updates of the bot here.',
    argument: 'channel',
    auth: 'admin',
    options: { yes: flag('Do not ask.') },
    examples: ['channels delete chn_01k8xample'],
    async run({ values, subject, connect, confirm }) {
      await confirm(`Delete the channel ${subject} with its keys?`, values.yes);
      const json = await (await connect()).deleteChannel({ channel_id: subject });
      return { json, text: `Deleted ${subject}.` };
    },
  }),
  command({
    name: 'channels check',
    summary: 'Ask Telegram and the inbox whether a channel works.',
    description: 'Ends with 1 where something is not in order.',
    argument: 'channel',
    auth: 'admin',
    options: {},
    examples: ['channels check chn_01k8xample'],
    async run({ subject, connect }) {
      return said(await (await connect()).checkChannel({ channel_id: subject }));
    },
  }),
  command({
    name: 'channels repair',
    summary: 'Take the updates of a bot back, and check the channel.',
    description:
      'Sets the webhook again, or removes a foreign one where the gateway polls. Where another system takes them again and again, it is refused without --force: end that system first.',
    argument: 'channel',
    auth: 'admin',
    options: { force: flag('Also where another system takes them again and again.') },
    examples: ['channels repair chn_01k8xample'],
    async run({ subject, values, connect }) {
      return said(await (await connect()).repairChannel({ channel_id: subject, force: values.force }));
    },
  }),
];

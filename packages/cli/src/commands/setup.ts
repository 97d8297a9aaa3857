/** The guided way from a gateway that runs to the first message that arrives. */
import type { Chatferry } from '@chatferry/sdk';
import { createClient } from '../client.ts';
import { type Call, type Command, defineCommand, type Outcome } from '../command.ts';
import { followEvents } from '../follow-events.ts';
import { inboxKindEntries } from '../inbox-kinds.ts';
import { askHidden, inboxQuestions } from '../inbox-questions.ts';
import { flag, text } from '../option.ts';
import { defaultProfileName, readProfiles, storeProfile } from '../profiles.ts';
import { UsageError } from '../usage-error.ts';
import type { View } from '../view.ts';
import { choosePortalInbox, connectNewInbox } from './setup-inbox.ts';

const setupOptions = {
  test: flag('Set up a test channel, which needs neither a bot nor an inbox, without a question.'),
  workspace: text('ID', 'Connect the bot to this workspace.'),
} as const;

type SetupCall = Call<typeof setupOptions>;

/** A channel that can send, and a chat of it. */
interface Ready {
  readonly key: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly isTest: boolean;
}

/** Any chat of a test channel can be written to. */
const testChat = '424242';
const firstButton = 'Confirm';

const setUpTestChannel = async (client: Chatferry): Promise<Ready> => {
  const { id, key } = await client.request('createTestChannel', {});
  return { key: key.secret, channelId: id, chatId: testChat, isTest: true };
};

/** The workspaces that a bot can be connected to, and what else a person may want. */
const chooseWorkspace = async (call: SetupCall, client: Chatferry): Promise<string | 'test'> => {
  if (call.values.test) return 'test';
  if (call.values.workspace !== undefined) return call.values.workspace;
  if (!call.terminal.isInteractive)
    throw new UsageError('setup asks questions. Add --test to run it without a terminal.', 'chatferry setup --test');
  const { data } = await client.request('listWorkspaces', { limit: 20 });
  const existing = data.filter(({ inbox, state }) => inbox.kind !== 'test' && state === 'active');
  const choice = await call.terminal.choose<string>('What do you want to connect?', [
    { value: 'test', label: 'A test channel', hint: 'needs neither a bot nor an inbox' },
    ...inboxKindEntries.map(([kind, { displayName }]) => ({
      value: kind,
      label: `A Telegram bot and ${displayName}`,
      hint: inboxQuestions[kind].hint,
    })),
    ...existing.map(({ id, name }) => ({ value: id, label: `A Telegram bot to ${name}`, hint: id })),
  ]);
  const kind = inboxKindEntries.map(([name]) => name).find((name) => name === choice);
  return kind === undefined ? choice : (await connectNewInbox(call, client, kind)).id;
};

/** The first chat that says anything to the bot, or starts it. */
const waitForChat = async (call: SetupCall, key: string, botName: string): Promise<string> => {
  const events = followEvents({
    client: createClient(call.url, { key }),
    types: 'chat.started,message.received',
    after: undefined,
    signal: call.terminal.untilInterrupted(),
    onReady: () => call.notify(`Open https://t.me/${botName} in Telegram and press Start. Waiting …`),
    onLost: (reason) => call.notify(reason.message),
  });
  for await (const event of events) if ('chat_id' in event && event.chat_id) return event.chat_id;
  throw new UsageError('The bot is connected, but no chat was started. Send with chatferry send once there is one.');
};

const connectBot = async (call: SetupCall, client: Chatferry, workspaceId: string): Promise<Ready> => {
  const token = await askHidden(call.terminal, 'Token of the bot, from @BotFather');
  const inbox = await choosePortalInbox(call, client, workspaceId);
  const channel = await client.request('createChannel', {
    workspace_id: workspaceId,
    bot_token: token,
    inbox_id: inbox,
  });
  call.notify(`@${channel.bot.username} is connected as ${channel.id}.`);
  const key = channel.key.secret;
  const chatId = await waitForChat(call, key, channel.bot.username);
  return { key, channelId: channel.id, chatId, isTest: false };
};

/** A profile that exists is never replaced here: it may be the way to another gateway. */
const freeProfileName = (wanted: string, taken: readonly string[]): string => {
  if (!taken.includes(wanted)) return wanted;
  const numbered = Array.from({ length: taken.length + 1 }, (_, index) => `${wanted}-${index + 2}`);
  return numbered.find((name) => !taken.includes(name)) ?? wanted;
};

/** Stores the key. Resolves with what the next commands need in addition; null without a folder for profiles. */
const keepKey = async (call: SetupCall, key: string): Promise<string | null> => {
  if ((call.env['HOME'] ?? call.env['XDG_CONFIG_HOME'] ?? call.env['USERPROFILE'] ?? '') === '') return null;
  const taken = Object.keys(await readProfiles(call));
  const name = freeProfileName(call.common.profile ?? defaultProfileName, taken);
  await storeProfile(name, { url: call.url, key }, call);
  return name;
};

const firstMessage = {
  type: 'reply_buttons',
  text: 'Your first message through Chatferry has arrived.',
  reply_markup: { inline_keyboard: [[{ text: firstButton, callback_data: 'confirm' }]] },
} as const;

const describeNext = ({ chatId, key, isTest }: Ready, profile: string | null): View => {
  const option = profile === null || profile === defaultProfileName ? '' : ` --profile ${profile}`;
  const kept =
    profile === null
      ? `The key, which is shown only now. Set it in this shell with export CHATFERRY_KEY=… :\n\n  ${key}`
      : `Its key is in the profile “${profile}”: the commands below need no other.`;
  return [
    kept,
    [
      'Next:',
      `  chatferry listen${option}`,
      ...(isTest ? [`  chatferry trigger tap ${chatId} --button ${firstButton}${option}`] : []),
      `  chatferry send --to ${chatId} --text Hello${option}`,
      `  chatferry messages list${option}`,
    ].join('\n'),
  ];
};

const setUp = async (call: SetupCall): Promise<Outcome> => {
  const client = await call.connect();
  const workspace = await chooseWorkspace(call, client);
  const ready = workspace === 'test' ? await setUpTestChannel(client) : await connectBot(call, client, workspace);
  const profile = await keepKey(call, ready.key);
  const sent = await createClient(call.url, { key: ready.key }).request('sendTelegramInteractive', {
    destination_user_id: ready.chatId,
    telegram_interactive_message: firstMessage,
  });
  const { channelId: channel_id, chatId: chat_id } = ready;
  return {
    json: {
      channel_id,
      chat_id,
      message_id: sent.message_id,
      profile,
      ...(profile === null ? { key: ready.key } : {}),
    },
    view: [
      `Message ${sent.message_id} was delivered to chat ${chat_id} through ${channel_id}.`,
      ...describeNext(ready, profile),
    ],
  };
};

export const setupCommands: readonly Command[] = [
  defineCommand({
    name: 'setup',
    operation: 'createChannel',
    summary: 'Connect a channel step by step, and send its first message.',
    description:
      'Asks what to connect: a test channel, which needs neither a bot nor an inbox, or a bot with its inbox. Stores the key of the channel in a profile, so that the next commands need none.',
    options: setupOptions,
    examples: ['setup', 'setup --test', 'setup --workspace wsp_01k8xample'],
    run: (call) => setUp(call),
  }),
];

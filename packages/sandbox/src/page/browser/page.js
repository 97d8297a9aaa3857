import { onRename, showCalls } from './bot-tools.js';
import { isAboutChat } from './chat-link.js';
import { ConnectionLost, ControlError, getControl, patchControl, postControl } from './control.js';
import { InboxConversation } from './inbox/inbox-conversation.js';
import { readInboxes } from './inboxes.js';
import { createActionQueue, createRefresher, followFeed } from './live.js';
import { TelegramPhone } from './phone/phone.js';
import { chosenOrFirst, readSelection, storeSelection } from './selection.js';
import { fillSelect, part, showAlert } from './view.js';

/** @import { OpenInbox } from './inboxes.js' */
/** @import { PhoneAction } from './phone/transcript.js' */
/** @import { InboxAction } from './inbox/conversation.js' */

const phone = part('phone', TelegramPhone);
const conversationView = part('conversation', InboxConversation);
const choosers = {
  bot: part('choose-bot', HTMLSelectElement),
  chat: part('choose-chat', HTMLSelectElement),
  inbox: part('choose-inbox', HTMLSelectElement),
  conversation: part('choose-conversation', HTMLSelectElement),
};
const botTools = part('bot-tools', HTMLDetailsElement);
const link = part('link', HTMLButtonElement);
const live = part('live', HTMLElement);

const selection = readSelection();
/**
 * Whether the right side shows the conversation of the chat on the left: true until the person chooses a conversation.
 */
let follows = selection.conversation === undefined;
/** @type {readonly OpenInbox[]} */
let inboxes = [];

/** @param {unknown} error */
function onActionError(error) {
  showAlert(error instanceof Error ? error.message : String(error));
  if (!(error instanceof ControlError) && !(error instanceof ConnectionLost)) reportError(error);
}

/**
 * A lost connection is shown in the corner, and everything is read again when it is back.
 *
 * @param {unknown} error
 */
function onRefreshError(error) {
  if (!(error instanceof ConnectionLost)) onActionError(error);
}

const queue = createActionQueue(onActionError);
/** @type {ReturnType<typeof createRefresher<'telegram' | 'inbox'>>} */
const refresher = createRefresher(async (parts) => {
  if (parts.has('telegram')) await refreshTelegram();
  if (parts.has('inbox')) inboxes = await readInboxes();
  await refreshInbox();
  storeSelection(selection);
}, onRefreshError);

async function refreshTelegram() {
  const { bot: wantedBot, chat: wantedChat } = selection;
  const bots = await getControl('/telegram/bots');
  const bot = chosenOrFirst(bots, (candidate) => `${candidate.id}`, wantedBot);
  const chats = bot ? await getControl(`/telegram/chats?bot_id=${bot.id}`) : [];
  const chat = chosenOrFirst(chats, (candidate) => `${candidate.chat_id}`, wantedChat);
  const calls = bot && botTools.open ? await getControl(`/telegram/calls?bot_id=${bot.id}`) : [];
  const mark = queue.mark();
  const transcript = chat && (await getControl(`/telegram/chats/${bot.id}/${chat.chat_id}`));
  // The person has chosen another bot or chat during the reads: the refresh that the choice asked for shows it.
  if (selection.bot !== wantedBot || selection.chat !== wantedChat) return;
  fillSelect(choosers.bot, bots.map(botOption), `${bot?.id ?? ''}`, 'No bot yet');
  fillSelect(choosers.chat, chats.map(chatOption), `${chat?.chat_id ?? ''}`, 'No chat yet');
  part('phone-empty', HTMLElement).hidden = chat !== undefined;
  phone.hidden = chat === undefined;
  botTools.hidden = bot === undefined;
  showCalls(calls);
  choose('bot', bot?.id);
  choose('chat', chat?.chat_id);
  // A transcript that was read while the person acted is older than what the phone shows. The end of the action asks
  // for another refresh.
  if (transcript && queue.isQuietSince(mark)) phone.transcript = { ...transcript, bot_name: bot.first_name };
}

async function refreshInbox() {
  const linked = linkedConversation();
  if (linked && follows) {
    choose('inbox', linked.inbox.key);
    choose('conversation', linked.id);
  }
  const open = chosenOrFirst(inboxes, (inbox) => inbox.key, selection.inbox);
  const options = inboxes.map(({ key, product, inbox }) => ({ value: key, text: `${product.name} · ${inbox.name}` }));
  fillSelect(choosers.inbox, options, open?.key ?? '', 'No inbox yet');
  const conversations = open?.conversations ?? [];
  const summary = chosenOrFirst(conversations, (candidate) => candidate.id, selection.conversation);
  const summaries = conversations.map(({ id, label }) => ({ value: id, text: label }));
  fillSelect(choosers.conversation, summaries, summary?.id ?? '', 'No conversation yet');
  part('inbox-empty', HTMLElement).hidden = summary !== undefined;
  part('make-workspace', HTMLElement).hidden = open !== undefined;
  conversationView.hidden = summary === undefined;
  choose('inbox', open?.key);
  choose('conversation', summary?.id);
  const isShown = linked !== undefined && linked.inbox.key === open?.key && linked.id === summary?.id;
  link.hidden = linked === undefined || isShown;
  if (!open || !summary) return;
  const conversation = await open.product.conversation(open.inbox, summary.id);
  // The person may have chosen another conversation during the read.
  if (selection.inbox === open.key && selection.conversation === summary.id)
    conversationView.conversation = conversation;
}

/**
 * The conversation of the selected chat, where one is found. If there are several: the selected one, or else the first.
 */
function linkedConversation() {
  const { bot, chat } = selection;
  if (bot === undefined || chat === undefined) return undefined;
  const found = inboxes.flatMap((inbox) =>
    inbox.conversations
      .filter(({ known }) => isAboutChat(known, Number(bot), Number(chat)))
      .map(({ id }) => ({ inbox, id })),
  );
  return found.find(({ inbox, id }) => inbox.key === selection.inbox && id === selection.conversation) ?? found[0];
}

/**
 * @param {keyof typeof selection} name
 * @param {string | number | undefined} value
 */
function choose(name, value) {
  if (value === undefined) delete selection[name];
  else selection[name] = `${value}`;
}

const botOption = (/** @type {any} */ bot) => ({ value: `${bot.id}`, text: `@${bot.username}` });
const chatOption = (/** @type {any} */ { chat_id, chat, user, standing }) => ({
  value: `${chat_id}`,
  text: `${chat.title ?? [user.first_name, user.last_name].filter(Boolean).join(' ')}${standing === 'open' ? '' : ` (${standing})`}`,
});

/** @param {PhoneAction} action */
function actOnPhone(action) {
  const { kind, ...body } = action;
  const at = `/telegram/chats/${selection.bot}/${selection.chat}`;
  queue.add(
    () => postControl(`${at}/${kind}`, body),
    () => refresher.mark('telegram'),
  );
}

/** @param {InboxAction} action */
function actInInbox(action) {
  const open = inboxes.find((inbox) => inbox.key === selection.inbox);
  const id = selection.conversation;
  if (open && id !== undefined)
    queue.add(
      () => open.product.act(open.inbox, id, action),
      () => refresher.mark('telegram', 'inbox'),
    );
}

phone.addEventListener('phone-action', (event) => actOnPhone(/** @type {CustomEvent<PhoneAction>} */ (event).detail));
conversationView.addEventListener('inbox-action', (event) =>
  actInInbox(/** @type {CustomEvent<InboxAction>} */ (event).detail),
);
choosers.bot.addEventListener('change', () => {
  choose('bot', choosers.bot.value);
  choose('chat', undefined);
  follows = true;
  refresher.mark('telegram');
});
choosers.chat.addEventListener('change', () => {
  choose('chat', choosers.chat.value);
  follows = true;
  refresher.mark('telegram');
});
choosers.inbox.addEventListener('change', () => {
  choose('inbox', choosers.inbox.value);
  choose('conversation', undefined);
  follows = false;
  refresher.mark('inbox');
});
choosers.conversation.addEventListener('change', () => {
  choose('conversation', choosers.conversation.value);
  follows = false;
  refresher.mark('inbox');
});
botTools.addEventListener('toggle', () => refresher.mark('telegram'));
onRename((username) => {
  queue.add(
    () => patchControl(`/telegram/bots/${selection.bot}`, { username }),
    () => refresher.mark('telegram'),
  );
});
link.addEventListener('click', () => {
  follows = true;
  refresher.mark('inbox');
});
part('make-chat', HTMLButtonElement).addEventListener('click', () => {
  queue.add(
    async () => {
      const bot = selection.bot ?? (await postControl('/telegram/bots', { first_name: 'Demo shop' })).id;
      await postControl('/telegram/chats', { bot_id: Number(bot), started: false });
    },
    () => refresher.mark('telegram'),
  );
});
part('make-workspace', HTMLButtonElement).addEventListener('click', () => {
  queue.add(
    () => postControl('/intercom/workspaces', { name: 'Demo' }),
    () => refresher.mark('telegram', 'inbox'),
  );
});
addEventListener('hashchange', () => {
  const given = readSelection();
  for (const name of /** @type {const} */ (['bot', 'chat', 'inbox', 'conversation'])) choose(name, given[name]);
  follows = given.conversation === undefined;
  refresher.mark('telegram', 'inbox');
});

followFeed({
  onConnected() {
    live.textContent = 'Live';
    live.className = 'live on';
    refresher.mark('telegram', 'inbox');
  },
  onLost() {
    live.textContent = 'Connecting …';
    live.className = 'live';
  },
  onEvent: ({ provider }) => refresher.mark(provider === 'telegram' ? 'telegram' : 'inbox'),
});

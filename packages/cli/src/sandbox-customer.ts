/** Acts as the customer by the control routes of a sandbox that runs on its own (`npm run sandbox`). */
import { UsageError } from './usage-error.ts';

/** A key or a button, as the app of the customer shows it. */
interface Key {
  readonly text: string;
  readonly callback_data?: string;
}

/** What the phone of a customer shows, as far as it is needed here. */
export interface Phone {
  readonly messages: readonly {
    readonly message_id: number;
    readonly reply_markup?: { readonly inline_keyboard?: readonly (readonly Key[])[] };
  }[];
  readonly reply_keyboard: {
    readonly message_id: number;
    readonly keyboard: readonly (readonly (string | Key)[])[];
  } | null;
}

/** An action of the control routes: `POST …/<route>`. */
export interface SandboxAction {
  readonly route: string;
  readonly body: object;
}

const limitMs = 15_000;

const reach = async (base: string, path: string, body?: object): Promise<unknown> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const url = `${base.replace(/(?<!\/)\/+$/, '')}/control/telegram${path}`;
  let answer: Response;
  try {
    answer = await fetch(url, { ...(body === undefined ? {} : init), signal: AbortSignal.timeout(limitMs) });
  } catch {
    throw new UsageError(
      `No sandbox answers at ${base}. Start one with npm run sandbox; it prints its address.`,
      '--sandbox http://127.0.0.1:4010',
    );
  }
  const result = (await answer.json().catch(() => ({}))) as { readonly error?: string };
  if (!answer.ok) throw new UsageError(`The sandbox refused it: ${result.error ?? `HTTP ${answer.status}`}`);
  return result;
};

interface Bot {
  readonly id: number;
  readonly username: string;
}

/** The bot that has this chat. Several may have it: then its name must be given. */
const findBot = async (base: string, chatId: string, wanted: string | undefined): Promise<Bot> => {
  const bots = (await reach(base, '/bots')) as readonly Bot[];
  const found: Bot[] = [];
  for (const bot of bots) {
    const chats = (await reach(base, `/chats?bot_id=${bot.id}`)) as readonly { readonly chat_id: number }[];
    if (chats.some(({ chat_id }) => String(chat_id) === chatId)) found.push(bot);
  }
  const chosen = wanted === undefined ? found : found.filter(({ username }) => username === wanted.replace(/^@/, ''));
  const [bot] = chosen;
  if (bot !== undefined && chosen.length === 1) return bot;
  const names = found.map(({ username }) => `@${username}`).join(', ');
  throw new UsageError(
    found.length === 0
      ? `No bot of the sandbox has the chat ${chatId}. Its page ${base} shows those that there are.`
      : `The chat ${chatId} is one of ${names}. Say which bot is meant.`,
    `--bot ${found[0]?.username ?? 'NAME'}`,
  );
};

/** The place of a label among rows of keys. */
const findKey = (rows: readonly (readonly (string | Key)[])[], fits: (key: Key) => boolean) => {
  for (const [row, keys] of rows.entries()) {
    const column = keys.findIndex((key) => fits(typeof key === 'string' ? { text: key } : key));
    if (column >= 0) return { row, column };
  }
  return null;
};

/** The tap of the newest button with this label or this data, or the press of such a key of the keyboard. */
export const tapOf = (phone: Phone, wanted: { readonly button?: string; readonly data?: string }): SandboxAction => {
  const fits = ({ text, callback_data }: Key): boolean =>
    wanted.button === undefined ? callback_data === wanted.data : text === wanted.button;
  for (const { message_id, reply_markup } of [...phone.messages].reverse()) {
    const place = findKey(reply_markup?.inline_keyboard ?? [], fits);
    if (place !== null) return { route: 'tap', body: { message_id, ...place } };
  }
  const keyboard = phone.reply_keyboard;
  const place = keyboard === null ? null : findKey(keyboard.keyboard, fits);
  if (keyboard === null || place === null)
    throw new UsageError(`The chat shows no button “${wanted.button ?? wanted.data}”.`);
  return { route: 'press-key', body: { message_id: keyboard.message_id, ...place } };
};

interface ActingThere {
  readonly base: string;
  readonly chatId: string;
  readonly bot: string | undefined;
  readonly choose: (phone: Phone) => SandboxAction;
}

/** Does it, and says whether the bot was told, as test mode does. */
export const actInSandbox = async ({ base, chatId, bot: wanted, choose }: ActingThere) => {
  const bot = await findBot(base, chatId, wanted);
  const chat = `/chats/${bot.id}/${chatId}`;
  const { route, body } = choose((await reach(base, chat)) as Phone);
  const done = (await reach(base, `${chat}/${route}`, body)) as {
    readonly update_id?: number;
    readonly message_id?: number;
    readonly effect?: string;
    readonly value?: string | null;
  };
  return {
    effect: done.update_id === undefined ? (done.effect ?? 'nothing') : 'update',
    value: done.value ?? null,
    channel_message_id: done.message_id === undefined ? null : `tg-${done.message_id}`,
  };
};

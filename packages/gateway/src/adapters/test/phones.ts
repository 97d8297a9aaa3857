import {
  type Answer,
  ControlError,
  createFaults,
  createSilentFeed,
  createTelegram,
  type PreparedCall,
  systemClock,
  type TelegramSimulator,
} from '@chatferry/sandbox/telegram';
import type { Clock, Random } from '../../ports/clock.ts';
import { originOf } from '../../ports/secret.ts';
import type { CustomerDeed, SentToPhone, TestChatAt, TestPhones } from '../../ports/test-phones.ts';
import type { HttpRequest, HttpResult } from '../http/http-call.ts';
import { testApiRoot } from './address.ts';
import { customerDoes } from './customer-does.ts';
import { reservedAnswer } from './reserved-answers.ts';
import { shownButtons } from './shown-buttons.ts';

export interface TestPhonesDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** The first of a thousand numbers that no other process has, now or later. */
  readonly takeNumbers: () => Promise<number>;
  /** Whether the customer has blocked the bot, as far as the applied updates say. */
  readonly isBlocked: (botOrigin: string, botId: string, chatId: string) => Promise<boolean>;
}

/** The phones, and the Bot API that the gateway calls them by. */
export interface PhonesInProcess extends TestPhones {
  call(request: Pick<HttpRequest, 'url' | 'headers' | 'body' | 'signal'>): Promise<HttpResult>;
  /** The bytes of a file; null if there is none at this address. */
  file(url: string): Buffer | null;
}

/** What is kept of the bots and their chats. A bot that was forgotten is made again when it is needed. */
const botsMax = 500;
const memory = { chatsPerBot: 1_000, messagesPerChat: 100, fileBytesPerBot: 8 * 1024 * 1024 };
const numbersInBlock = 1_000;
/** An album has ten messages. */
const numbersAtOnce = 10;
/** Until then, updates of a change that was made here may not be applied yet. */
const ownChangeMs = 10_000;

interface Phones extends TestPhonesDeps {
  readonly telegram: TelegramSimulator;
  /** For each bot, the number after the last one of its block. */
  readonly blockEnds: Map<string, number>;
  /** When a chat was blocked or unblocked by this process. */
  readonly changedAtMs: Map<string, number>;
}

/**
 * The simulated Telegram of test mode. It is only a memory of what the store has: a bot, a chat or a message that it does not
 * know is made again when it is needed. So it survives a restart, and every process may answer for every bot.
 */
export function createTestPhones(deps: TestPhonesDeps): PhonesInProcess {
  const { clock, random } = deps;
  const sandboxClock = { nowMs: () => clock.nowMs(), after: systemClock.after };
  const telegram = createTelegram(
    {
      clock: sandboxClock,
      random: random.uniform,
      feed: createSilentFeed(sandboxClock.nowMs),
      faults: createFaults(sandboxClock),
    },
    { memory },
  );
  const phones: Phones = { ...deps, telegram, blockEnds: new Map(), changedAtMs: new Map() };
  return {
    newBot: () => newBot(random),
    call: (request) => callPhones(phones, request),
    file: (url) => fileAt(phones, url),
    async buttons(at, sent) {
      await prepareChat(phones, at);
      return withNumbers(phones, at.botId, () => {
        rememberSent(phones, at, sent);
        return shownButtons(telegram.transcript(numbersOf(at)));
      });
    },
    act: (at, action) => act(phones, at, action),
    updates: (botId) =>
      telegram.inProcess.hasBot(Number(botId))
        ? telegram.inProcess
            .pendingUpdates(Number(botId))
            .map(({ updateId, json }) => ({ updateId, raw: Buffer.from(JSON.stringify(json)) }))
        : [],
    confirm: (botId, updateId) => telegram.inProcess.confirmUpdate(Number(botId), updateId),
  };
}

const usernameOf = (botId: string): string => `test_${botId}_bot`;

/** The id has 48 random bits: a bot belongs to one channel. */
function newBot(random: Random): ReturnType<TestPhones['newBot']> {
  const botId = String(1 + random.bytes(6).readUIntBE(0, 6));
  return { botId, username: usernameOf(botId), name: 'Test mode', apiRoot: testApiRoot };
}

const numbersOf = ({ botId, chatId }: TestChatAt) => ({ bot_id: Number(botId), chat_id: Number(chatId) });

/** Whether the bot is there, and has numbers enough for one call. To be asked in the same turn in which they are used. */
function isReady({ telegram, blockEnds }: Phones, botId: string): boolean {
  const end = blockEnds.get(botId);
  return end !== undefined && telegram.inProcess.nextNumber(Number(botId)) + numbersAtOnce <= end;
}

/** Makes the bot if it is not remembered, and gives it a new block of numbers. */
async function makeReady(phones: Phones, botId: string): Promise<void> {
  const { telegram, blockEnds } = phones;
  const first = await phones.takeNumbers();
  if (!telegram.inProcess.hasBot(Number(botId)))
    telegram.createBot({
      token: `${botId}:${'0'.repeat(32)}`,
      username: usernameOf(botId),
      first_name: 'Test mode',
      supports_inline_queries: true,
      can_read_all_group_messages: true,
      accepts_any_chat: true,
    });
  telegram.inProcess.setNextNumber(Number(botId), first);
  blockEnds.set(botId, first + numbersInBlock);
  forgetOldBots(phones);
}

function forgetOldBots({ telegram, blockEnds }: Phones): void {
  const [oldest] = blockEnds.keys();
  if (blockEnds.size <= botsMax || oldest === undefined) return;
  blockEnds.delete(oldest);
  telegram.inProcess.removeBot(Number(oldest));
}

/** Runs it with numbers that are not used elsewhere. The bot counts as the one that was used last. */
async function withNumbers<T>(phones: Phones, botId: string, run: () => T): Promise<Awaited<T>> {
  while (!isReady(phones, botId)) await makeReady(phones, botId);
  const end = phones.blockEnds.get(botId) ?? 0;
  phones.blockEnds.delete(botId);
  phones.blockEnds.set(botId, end);
  return await run();
}

/** Makes the chat as the store knows it. What was changed here a moment ago is newer than the store. */
async function prepareChat(phones: Phones, at: TestChatAt): Promise<void> {
  const { telegram, clock, changedAtMs } = phones;
  const { inProcess } = telegram;
  const changed = changedAtMs.get(`${at.botId}:${at.chatId}`);
  const isNewer = changed !== undefined && clock.monotonicMs() < changed + ownChangeMs;
  // A group cannot block a bot.
  const isBlocked =
    Number(at.chatId) > 0 && !isNewer && (await phones.isBlocked(originOf(testApiRoot), at.botId, at.chatId));
  await withNumbers(phones, at.botId, () => {
    if (isNewer && inProcess.hasChat(numbersOf(at))) return;
    inProcess.setStanding(numbersOf(at), isBlocked ? 'blocked' : 'open');
  });
}

function rememberSent({ telegram }: Phones, at: TestChatAt, sent: readonly SentToPhone[]): void {
  const messages = sent.map(({ channelMessageId, wire }) => ({
    message_id: Number(channelMessageId),
    text: String(wire['text'] ?? wire['caption'] ?? ''),
    reply_markup: wire['reply_markup'],
  }));
  telegram.inProcess.remember(numbersOf(at), messages);
}

async function act(phones: Phones, at: TestChatAt, action: Parameters<TestPhones['act']>[1]): Promise<CustomerDeed> {
  await prepareChat(phones, at);
  if (action.kind === 'block' || action.kind === 'unblock') rememberChange(phones, at);
  return withNumbers(phones, at.botId, () => {
    try {
      return customerDoes(phones.telegram, numbersOf(at), action);
    } catch (cause) {
      if (cause instanceof ControlError) return { kind: 'impossible', detail: detailOf(cause) };
      throw cause;
    }
  });
}

/** The control API of the sandbox has further actions, which some of its sentences name. */
const detailOf = ({ statusCode, message }: ControlError): string =>
  statusCode === 501 ? 'Test mode cannot press a key that asks for users, chats or polls.' : message;

function rememberChange({ changedAtMs, clock }: Phones, { botId, chatId }: TestChatAt): void {
  const nowMs = clock.monotonicMs();
  for (const [chat, atMs] of changedAtMs) if (atMs + ownChangeMs <= nowMs) changedAtMs.delete(chat);
  changedAtMs.set(`${botId}:${chatId}`, nowMs);
}

const isSend = (method: string): boolean => /^send(?!ChatAction$)/.test(method);

/** Answers a call of the Bot API. The address has the bot's token, which the gateway has from its own store. */
async function callPhones(
  phones: Phones,
  { url, headers, body, signal }: Parameters<PhonesInProcess['call']>[0],
): Promise<HttpResult> {
  const [, botId = '', method = ''] = /^\/bot(\d{1,15}):[^/]+\/(\w+)$/.exec(new URL(url).pathname) ?? [];
  if (method === '') return asResult(refusal(404, 'Not Found'));
  const call = { bot_id: Number(botId), method, content_type: headers?.['content-type'] ?? '' };
  const prepared = await withNumbers(phones, botId, () =>
    phones.telegram.inProcess.prepare({ ...call, body: body ?? Buffer.alloc(0) }),
  );
  if (!isSend(prepared.method)) return asResult(await prepared.run());
  return sendToPhone(phones, botId, prepared, signal);
}

async function sendToPhone(
  phones: Phones,
  botId: string,
  prepared: PreparedCall,
  signal: AbortSignal | undefined,
): Promise<HttpResult> {
  const reserved = reservedAnswer(prepared.chat_id);
  if (reserved?.kind === 'refuse') return asResult(refusal(reserved.status, reserved.description, reserved.parameters));
  if (reserved?.kind === 'delay') await phones.clock.sleep(reserved.delayMs, signal);
  if (/^-?\d+$/.test(prepared.chat_id)) await prepareChat(phones, { botId, chatId: prepared.chat_id });
  const answer = await withNumbers(phones, botId, prepared.run);
  if (reserved?.kind === 'lose-answer') return { kind: 'uncertain', detail: 'the answer of test mode was lost' };
  return asResult(answer);
}

const refusal = (status: number, description: string, parameters?: object): Answer => ({
  status,
  body: { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) },
});

const asResult = ({ status, body, headers = {} }: Answer): HttpResult => ({
  kind: 'answered',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify(body)),
});

function fileAt({ telegram }: Phones, url: string): Buffer | null {
  const [, botId = '', path = ''] = /^\/file\/bot(\d{1,15}):[^/]+\/(.+)$/.exec(new URL(url).pathname) ?? [];
  if (!telegram.inProcess.hasBot(Number(botId))) return null;
  return telegram.inProcess.download(Number(botId), path) ?? null;
}

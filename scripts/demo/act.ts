import { isDeepStrictEqual } from 'node:util';
import type { Transcript } from '@chatferry/sandbox';
import { Chatferry, type SendInteractive, type Sent, type TelegramInteractiveMessage } from '@chatferry/sdk';
import { checkConversation, describeExpected, describeInbox, type Expected } from './check-conversation.ts';
import { atStep, DemoFailure } from './demo-failure.ts';
import type { Stage, Teammate } from './stage.ts';
import { drawCurl, drawMessage, type Timeline } from './timeline.ts';
import { waitUntil } from './wait-until.ts';

/** The scene as it is played on one stage, and what was done so far. */
export interface Act {
  readonly stage: Stage;
  readonly timeline: Timeline;
  readonly abort: AbortSignal;
  readonly nowMs: () => number;
  readonly patienceMs: number;
  readonly done: Done;
}

export interface Done {
  readonly sent: Sent[];
  /** The entries that the inbox must show, in order. */
  readonly expected: Expected[];
  /** What agents wrote and the customer got. */
  readonly agentTexts: string[];
  /** What agents wrote and Telegram refused. */
  readonly refusedTexts: string[];
  /**
   * In milliseconds. `answer`: from a request to its 201. `mirror`: from the 201 to the entry in the inbox. `reply`: from what the
   * customer did to the entry. `relay`: from an agent's answer to the message in Telegram.
   */
  readonly times: Readonly<Record<'answer' | 'mirror' | 'reply' | 'relay', number[]>>;
}

export const createAct = (parts: Omit<Act, 'done'>): Act => ({
  ...parts,
  done: {
    sent: [],
    expected: [],
    agentTexts: [],
    refusedTexts: [],
    times: { answer: [], mirror: [], reply: [], relay: [] },
  },
});

const readPhone = ({ stage }: Act): Transcript => stage.sandbox.telegram.transcript(stage.at);

const step = <Result>({ stage }: Act, name: string, work: () => Promise<Result>): Promise<Result> =>
  atStep(`${stage.inbox.product}, when ${name}`, work);

const waitFor = <Found>(act: Act, describe: () => string, look: () => Found | null): Promise<Found> =>
  waitUntil(act.stage.sandbox.feed, act, describe, look);

/** The backend sends under the name of a teammate, or of the default sender. */
export const send = (act: Act, message: TelegramInteractiveMessage, sender: Teammate | null): Promise<void> =>
  step(act, `the backend sends “${message.text}”`, async () => {
    const { stage, timeline, done, nowMs } = act;
    const body: SendInteractive = {
      destination_user_id: String(stage.at.chat_id),
      ...(sender === null ? {} : { [stage.senderField]: sender.id }),
      telegram_interactive_message: message,
    };
    timeline.row('request', drawCurl(stage.baseUrl, stage.key, body), { isCommand: true });
    const startMs = nowMs();
    const backend = new Chatferry({ baseUrl: stage.baseUrl, key: stage.key });
    const answer = await backend.telegram.sendInteractive(body, { signal: act.abort });
    const answeredMs = nowMs();
    done.sent.push(answer);
    done.times.answer.push(answeredMs - startMs);
    timeline.row('answer', [`201  ${JSON.stringify(answer)}`], { tookMs: answeredMs - startMs });
    timeline.row('telegram', drawMessage(checkNewest(readPhone(act), message, answer)));
    const author = (sender ?? stage.defaultSender).name;
    const words = [message.text, ...wordsOfControls(message.reply_markup)];
    done.times.mirror.push(await showEntry(act, { author, side: 'team', words }, answeredMs));
  });

/** What an agent must be able to read of the buttons: every label, and where it leads. */
function wordsOfControls(markup: object): readonly string[] {
  return Object.entries(markup).flatMap(([name, value]): readonly string[] => {
    if (typeof value === 'object' && value !== null) return wordsOfControls(value);
    return ['text', 'url', 'switch_inline_query_current_chat'].includes(name) ? [String(value)] : [];
  });
}

/** The newest message in the customer's app, which must be exactly the one that the API was given. */
function checkNewest(phone: Transcript, given: TelegramInteractiveMessage, answer: Sent) {
  const newest = phone.messages.at(-1);
  if (newest?.sender !== 'bot') throw new DemoFailure('the API answered 201, and Telegram shows no new message');
  const { text, reply_markup, message_id } = newest;
  if (answer.channel_message_id !== `tg-${message_id}`)
    throw new DemoFailure(`the API answered ${answer.channel_message_id}, and Telegram’s message is ${message_id}`);
  if (text !== given.text || !isDeepStrictEqual(reply_markup, given.reply_markup))
    throw new DemoFailure(
      `Telegram shows ${JSON.stringify({ text, reply_markup })} instead of ${JSON.stringify(given)}`,
    );
  return newest;
}

/** Waits until the inbox shows the entry, after everything before it. Resolves with the milliseconds since `sinceMs`. */
async function showEntry(act: Act, wanted: Expected, sinceMs: number): Promise<number> {
  const { stage, timeline, done, nowMs } = act;
  const { inbox } = stage;
  done.expected.push(wanted);
  const entry = await waitFor(
    act,
    () => `entry ${done.expected.length}, ${describeExpected(wanted)}: the inbox shows ${describeInbox(inbox)}`,
    () => checkConversation(inbox, done.expected)?.entries.at(-1) ?? null,
  );
  const tookMs = nowMs() - sinceMs;
  timeline.row('inbox', entry.lines, { name: entry.author, tookMs });
  timeline.gap();
  return tookMs;
}

/**
 * The customer does something. `entry` is what the inbox shows then: words of the customer, a note of the gateway to the team, or
 * nothing.
 */
export const useApp = (
  act: Act,
  does: string,
  use: (phone: Transcript) => unknown,
  entry: { readonly words: readonly string[]; readonly isNote?: boolean } | null,
): Promise<void> =>
  step(act, `the customer ${does}`, async () => {
    const { stage, timeline, done, nowMs } = act;
    timeline.row('customer', [does]);
    const startMs = nowMs();
    use(readPhone(act));
    if (entry === null) return;
    const { words, isNote = false } = entry;
    if (isNote) await showEntry(act, { author: null, side: null, words }, startMs);
    else done.times.reply.push(await showEntry(act, { author: stage.customer, side: 'customer', words }, startMs));
  });

/** Waits until the customer's app shows something. */
export const waitForApp = <Found>(
  act: Act,
  wanted: string,
  look: (phone: Transcript) => Found | null,
): Promise<Found> =>
  step(act, `the customer’s app should show ${wanted}`, () =>
    waitFor(
      act,
      () => wanted,
      () => look(readPhone(act)),
    ),
  );

/** An agent answers in the inbox, and the customer's app shows it. */
export const answer = (act: Act, agent: Teammate, text: string): Promise<void> =>
  step(act, `${agent.name} answers “${text}”`, async () => {
    const { timeline, done, nowMs } = act;
    const startMs = nowMs();
    done.agentTexts.push(text);
    writeAnswer(act, agent, text);
    const shown = await waitFor(
      act,
      () => `message “${text}” in the customer’s app`,
      () => findRelayed(readPhone(act), done.sent.length + done.agentTexts.length, text),
    );
    done.times.relay.push(nowMs() - startMs);
    timeline.row('telegram', drawMessage(shown), { tookMs: nowMs() - startMs });
    timeline.gap();
  });

/** An agent answers in the inbox, Telegram refuses it, and the inbox says why. */
export const answerInVain = (act: Act, agent: Teammate, text: string, reason: string): Promise<void> =>
  step(act, `Telegram refuses what ${agent.name} answers`, async () => {
    const { stage, timeline, done, nowMs } = act;
    const { inbox } = stage;
    const startMs = nowMs();
    done.refusedTexts.push(text);
    const conversationId = writeAnswer(act, agent, text);
    if (inbox.hasFailureNotes) done.expected.push({ author: null, side: null, words: [reason] });
    const failure = await waitFor(
      act,
      () => `mention of “${reason}”: the inbox shows ${describeInbox(inbox)}`,
      () => {
        const shown = inbox.failure(conversationId);
        return shown?.includes(reason) && checkConversation(inbox, done.expected) ? shown : null;
      },
    );
    const lines = failure.split('\n').filter((line) => line.trim() !== '');
    timeline.row('inbox', lines, { tookMs: nowMs() - startMs });
    timeline.gap();
  });

/** Writes in the only conversation of the inbox. Returns its id. */
function writeAnswer({ stage, timeline, done }: Act, agent: Teammate, text: string): string {
  const { inbox } = stage;
  const [conversation] = inbox.conversations();
  if (!conversation) throw new DemoFailure('there is no conversation to answer in');
  timeline.row('agent', [`answers in ${inbox.product}`]);
  inbox.answer(conversation.id, agent.id, text);
  done.expected.push({ author: agent.name, side: 'team', words: [text] });
  timeline.row('inbox', [text], { name: agent.name });
  return conversation.id;
}

/** The bot's message number `count`, which must be what the agent wrote; null while the customer's app does not show it. */
function findRelayed(phone: Transcript, count: number, text: string) {
  const shown = phone.messages.filter(({ sender }) => sender === 'bot');
  const newest = shown.at(-1);
  if (newest === undefined || shown.length < count) return null;
  if (shown.length > count || newest.text !== text)
    throw new DemoFailure(`Telegram shows ${shown.length} messages of the bot, the last “${newest.text}”`);
  return newest;
}

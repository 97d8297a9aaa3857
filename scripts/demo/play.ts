import type { Transcript } from '@chatferry/sandbox';
import { Chatferry, type SendInteractive, type Sent, type TelegramInteractiveMessage } from '@chatferry/sdk';
import { answerAsAgent, answerInVain } from './answer-as-agent.ts';
import { checkConversation, describeExpected, describeInbox, type Expected } from './check-conversation.ts';
import { checkPhone } from './check-phone.ts';
import { curlCommand } from './curl-command.ts';
import { atStep } from './demo-failure.ts';
import { drawMessage } from './draw-message.ts';
import type { Stage, Teammate } from './stage.ts';
import type { Timeline } from './timeline.ts';
import { until } from './until.ts';

export interface Played {
  readonly sent: readonly Sent[];
  readonly expected: readonly Expected[];
  /** From each request to its answer. */
  readonly answerMs: readonly number[];
  /** From each answer to the entry in the inbox. */
  readonly mirrorMs: readonly number[];
  /** From each thing that the customer did to the entry in the inbox. */
  readonly replyMs: readonly number[];
  /** What agents wrote in the inbox and the customer got, in order. */
  readonly agentTexts: readonly string[];
  /** What agents wrote and the customer did not get. */
  readonly refusedTexts: readonly string[];
  /** Entries that tell of no message: what did not reach the customer, and the notes about it. */
  unsent(): number;
  /** From each answer of an agent to the message in Telegram. */
  readonly relayMs: readonly number[];
}

/** What can be done on a stage: each step is shown, and over only when the inbox shows what came of it. */
export interface Play {
  /** The backend sends under the name of a teammate, or of the default sender. */
  send(message: TelegramInteractiveMessage, sender: Teammate | null): Promise<void>;
  /** The customer does something that becomes an entry with these words. */
  customer(does: string, act: (phone: Transcript) => unknown, words: readonly string[]): Promise<void>;
  /** An agent answers in the inbox, and the customer's app shows it. */
  agent(agent: Teammate, text: string): Promise<void>;
  /** An agent answers in the inbox, Telegram refuses it, and the inbox says why. */
  refused(agent: Teammate, text: string, reason: string): Promise<void>;
  /** The customer does something that the gateway notes, for the team alone. */
  reported(does: string, act: (phone: Transcript) => unknown, words: readonly string[]): Promise<void>;
  /** The customer does something that becomes no entry. */
  customerAlone(does: string, act: (phone: Transcript) => unknown): Promise<void>;
  /** Waits until the customer's app shows something. */
  phoneShows<Found>(wanted: string, look: (phone: Transcript) => Found | null | undefined): Promise<Found>;
  readonly played: Played;
}

export interface PlayOptions {
  readonly stage: Stage;
  readonly baseUrl: string;
  readonly timeline: Timeline;
  readonly abort: AbortSignal;
  /** The present moment in milliseconds, on any scale. */
  readonly nowMs: () => number;
}

export function createPlay(options: PlayOptions): Play {
  const { stage, baseUrl, timeline, abort, nowMs } = options;
  const { sandbox, inbox, at } = stage;
  const sent: Sent[] = [];
  const expected: Expected[] = [];
  const agentTexts: string[] = [];
  const refusedTexts: string[] = [];
  const times = {
    answerMs: [] as number[],
    mirrorMs: [] as number[],
    replyMs: [] as number[],
    relayMs: [] as number[],
  };
  const phone = () => sandbox.telegram.transcript(at);
  const send = createSender(stage, baseUrl);

  const customerAct = async (does: string, act: (phone: Transcript) => unknown) => {
    timeline.row('customer', [does]);
    act(phone());
  };

  /** Waits until the new entry stands there, and everything before it, and shows it. */
  async function entryAppears(wanted: Expected, sinceMs: number): Promise<number> {
    expected.push(wanted);
    const entry = await until(
      sandbox.feed,
      () =>
        `entry ${expected.length}, ${describeExpected(wanted)}: the inbox shows ${describeInbox(inbox.conversations())}`,
      abort,
      () => checkConversation(inbox.conversations(), expected)?.entries.at(-1),
    );
    const tookMs = nowMs() - sinceMs;
    timeline.said('inbox', entry.author, entry.lines, tookMs);
    timeline.gap();
    return tookMs;
  }

  const step = <Result>(name: string, work: () => Promise<Result>) => atStep(`${inbox.product}, when ${name}`, work);

  return {
    played: {
      sent,
      expected,
      agentTexts,
      refusedTexts,
      unsent: () => refusedTexts.length * (inbox.notesFailures ? 2 : 1),
      ...times,
    },

    send: (message, sender) =>
      step(`the backend sends “${message.text}”`, async () => {
        const body: SendInteractive = {
          destination_user_id: String(at.chat_id),
          ...(sender === null ? {} : { [stage.senderField]: sender.id }),
          telegram_interactive_message: message,
        };
        timeline.command('request', curlCommand(baseUrl, stage.key, body));
        const startMs = nowMs();
        const { answer, status } = await send(body, abort);
        const answeredMs = nowMs();
        sent.push(answer);
        times.answerMs.push(answeredMs - startMs);
        timeline.row('answer', [`${status}  ${JSON.stringify(answer)}`], answeredMs - startMs);
        timeline.row('telegram', drawMessage(checkPhone(phone(), message, answer)));
        const author = (sender ?? stage.defaultSender).name;
        const words = [message.text, ...controlWords(message.reply_markup)];
        times.mirrorMs.push(await entryAppears({ author, side: 'team', words }, answeredMs));
      }),

    customer: (does, act, words) =>
      step(`the customer ${does}`, async () => {
        const startMs = nowMs();
        await customerAct(does, act);
        times.replyMs.push(await entryAppears({ author: stage.customer, side: 'customer', words }, startMs));
      }),

    agent: (agent, text) =>
      step(`${agent.name} answers “${text}”`, async () => {
        agentTexts.push(text);
        expected.push({ author: agent.name, side: 'team', words: [text] });
        const count = sent.length + agentTexts.length;
        times.relayMs.push(await answerAsAgent(options, { agent, text, expected, count }));
      }),

    refused: (agent, text, reason) =>
      step(`Telegram refuses what ${agent.name} answers`, async () => {
        refusedTexts.push(text);
        expected.push({ author: agent.name, side: 'team', words: [text] });
        if (inbox.notesFailures) expected.push({ author: null, side: null, words: [reason] });
        await answerInVain(options, { agent, text, expected, reason });
      }),

    reported: (does, act, words) =>
      step(`the customer ${does}`, async () => {
        const startMs = nowMs();
        await customerAct(does, act);
        await entryAppears({ author: null, side: null, words }, startMs);
      }),

    customerAlone: (does, act) => step(`the customer ${does}`, () => customerAct(does, act)),

    phoneShows: (wanted, look) =>
      step(`the customer’s app should show ${wanted}`, () =>
        until(
          sandbox.feed,
          () => wanted,
          abort,
          () => look(phone()) ?? undefined,
        ),
      ),
  };
}

/** The client gives the answer's body; the timeline shows the status as well. */
function createSender({ key }: Stage, baseUrl: string) {
  let status = 0;
  const backend = new Chatferry({
    baseUrl,
    key,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      status = response.status;
      return response;
    },
  });
  return async (body: SendInteractive, signal: AbortSignal) => {
    const answer = await backend.sendTelegramInteractive(body, { signal });
    return { answer, status };
  };
}

/** What an agent must be able to read of the buttons: every label, and where it leads. */
function controlWords(markup: object): readonly string[] {
  return Object.entries(markup).flatMap(([name, value]): readonly string[] => {
    if (typeof value === 'object' && value !== null) return controlWords(value);
    return ['text', 'url', 'switch_inline_query_current_chat'].includes(name) ? [String(value)] : [];
  });
}

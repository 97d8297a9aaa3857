import { setTimeout as pause } from 'node:timers/promises';
import { Chatferry, type Message } from '@chatferry/sdk';
import { checkConversation } from './check-conversation.ts';
import { DemoFailure } from './demo-failure.ts';
import type { InboxConversation } from './inbox-view.ts';
import type { Played } from './play.ts';
import type { Stage } from './stage.ts';

const settleWithinMs = 15_000;
const askEveryMs = 20;

/** Holds the inbox, Telegram and the gateway's own account against each other when the scene is over. */
export async function auditScene(stage: Stage, baseUrl: string, played: Played): Promise<InboxConversation> {
  const messages = await settledMessages(stage, baseUrl, played);
  const conversation = checkConversation(stage.inbox.conversations(), played.expected);
  const fail = (what: string) => new DemoFailure(`${stage.inbox.product}, when the scene was over: ${what}`);
  if (!conversation) throw fail('entries are missing in the inbox');

  const failed = messages.filter(({ state }) => state === 'failed');
  if (failed.length !== played.refusedTexts.length)
    throw fail(`Telegram refused ${played.refusedTexts.length} answers, and ${failed.length} messages are failed`);
  const outbound = messages.filter(({ direction, state }) => direction === 'outbound' && state !== 'failed');
  const numbers = (list: readonly { readonly message_id: number }[]) =>
    list.map(({ message_id }) => message_id).sort((a, b) => a - b);
  const accepted = new Set(numbers(played.sent));
  const [asked, relayed] = [true, false].map((isAsked) =>
    outbound.filter(({ message_id }) => accepted.has(message_id) === isAsked),
  );
  if (asked?.length !== played.sent.length)
    throw fail(`the API answered with the messages ${numbers(played.sent)} and lists ${numbers(outbound)}`);
  if (relayed?.length !== played.agentTexts.length)
    throw fail(`agents answered ${played.agentTexts.length} times, and ${relayed?.length} of their answers went out`);
  const repeated = outbound.find(({ state, attempts }) => state !== 'sent' || attempts.length !== 1);
  if (repeated)
    throw fail(`message ${repeated.message_id} is ${repeated.state} after ${repeated.attempts.length} attempts`);
  const inTelegram = stage.sandbox.telegram.sent(stage.at);
  if (inTelegram.length !== outbound.length)
    throw fail(`Telegram has ${inTelegram.length} messages of the bot, and ${outbound.length} were sent`);
  const texts = inTelegram.slice(played.sent.length).map(({ text }) => text);
  if (String(texts) !== String(played.agentTexts))
    throw fail(`agents answered “${played.agentTexts}”, and Telegram shows “${texts}”`);

  const settled = messages.filter(({ state }) => state !== 'failed');
  const written = new Set(settled.map(({ mirror }) => mirror.entry_id));
  const strange = conversation.entries.filter(({ id }) => !written.has(id));
  if (strange.length !== played.unsent() || written.size + strange.length !== conversation.entries.length)
    throw fail(`the gateway knows of ${written.size} entries, and the inbox has ${conversation.entries.length}`);
  const elsewhere = settled.find(({ mirror }) => mirror.conversation_id !== conversation.id);
  if (elsewhere)
    throw fail(
      `message ${elsewhere.message_id} stands in conversation ${elsewhere.mirror.conversation_id}, not in ${conversation.id}`,
    );
  if (!conversation.phone?.includes(stage.customerPhone))
    throw fail(`the contact should have the shared number ${stage.customerPhone}, and has ${conversation.phone}`);
  return conversation;
}

/** Every message of the chat, once the gateway says that each has its entry. */
async function settledMessages(stage: Stage, baseUrl: string, played: Played): Promise<readonly Message[]> {
  const count = played.expected.length - played.unsent() + played.refusedTexts.length;
  const client = new Chatferry({ baseUrl, key: stage.key });
  const untilMs = performance.now() + settleWithinMs;
  for (;;) {
    const { data } = await client.listMessages({ chat_id: String(stage.at.chat_id), limit: 100 });
    if (data.length === count && data.every(isSettled)) return data;
    if (performance.now() > untilMs)
      throw new DemoFailure(
        `${stage.inbox.product}, when the scene was over: the gateway should have ${count} messages with their entries in the inbox, and has ${data.length}. ${unsettled(data)}`,
      );
    await pause(askEveryMs);
  }
}

/** What Telegram refused has no entry of the gateway's. */
const isSettled = ({ state, mirror }: Message): boolean => state === 'failed' || mirror.state === 'done';

/** What the gateway itself says about messages that are not in the inbox. */
export async function explainMissing(stage: Stage, baseUrl: string): Promise<string> {
  const client = new Chatferry({ baseUrl, key: stage.key });
  const { data } = await client.listMessages({ chat_id: String(stage.at.chat_id), limit: 100 });
  return unsettled(data);
}

function unsettled(messages: readonly Message[]): string {
  return messages
    .filter((message) => !isSettled(message))
    .map(
      ({ message_id, direction, state, mirror }) =>
        `Of the ${direction} message ${message_id} (${state}) the gateway says that its entry in the inbox is ${mirror.state}${mirror.detail === null ? '' : `: ${mirror.detail}`}.`,
    )
    .join(' ');
}

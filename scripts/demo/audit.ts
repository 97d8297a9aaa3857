import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Chatferry, type Message } from '@chatferry/sdk';
import type { Act } from './act.ts';
import { checkConversation } from './check-conversation.ts';
import { DemoFailure } from './demo-failure.ts';
import type { InboxConversation } from './inbox-view.ts';

const askEveryMs = 20;

/** Compares the inbox, Telegram and the gateway's own account when the scene is over. */
export async function auditAct(act: Act): Promise<InboxConversation> {
  const { stage, done } = act;
  const { inbox, sandbox, at, customerPhone } = stage;
  // Answers that Telegram refused, and the notes about them, are entries without a delivered message.
  const foreignEntries = done.refusedTexts.length * (inbox.hasFailureNotes ? 2 : 1);
  const messages = await waitForMessages(act, done.expected.length - foreignEntries + done.refusedTexts.length);
  const conversation = checkConversation(inbox, done.expected);
  if (!conversation) throw new DemoFailure('entries are missing in the inbox');

  const delivered = messages.filter(({ state }) => state !== 'failed');
  const outbound = delivered.filter(({ direction }) => direction === 'outbound');
  const accepted = done.sent.map(({ message_id }) => message_id);
  const texts = sandbox.telegram.sent(at).map(({ text }) => text);
  const entryIds = new Set(delivered.map(({ mirror }) => mirror.entry_id));
  const conversationIds = new Set(delivered.map(({ mirror }) => mirror.conversation_id));
  const facts: readonly (readonly [what: string, found: unknown, wanted: unknown])[] = [
    ['messages that Telegram refused', messages.length - delivered.length, done.refusedTexts.length],
    ['messages to the customer', outbound.length, done.sent.length + done.agentTexts.length],
    ['messages of the API', outbound.filter(({ id }) => accepted.includes(id)).length, accepted.length],
    ['messages not sent by one attempt', outbound.filter((one) => !isSentOnce(one)).length, 0],
    ['messages of the bot in Telegram', texts.length, outbound.length],
    ['answers of agents in Telegram', texts.slice(done.sent.length), done.agentTexts],
    ['entries of the gateway', entryIds.size, conversation.entries.length - foreignEntries],
    ['other entries', conversation.entries.filter(({ id }) => !entryIds.has(id)).length, foreignEntries],
    ['conversations', [...conversationIds], [conversation.id]],
    ['the contact has the shared number', conversation.phone?.includes(customerPhone), true],
  ];
  for (const [what, found, wanted] of facts)
    if (!isDeepStrictEqual(found, wanted))
      throw new DemoFailure(
        `${what}: there should be ${JSON.stringify(wanted)}, and there is ${JSON.stringify(found)}`,
      );
  return conversation;
}

const isSentOnce = ({ state, attempts }: Message): boolean => state === 'sent' && attempts.length === 1;

/** The messages of the chat, once the gateway says that each has its entry. */
async function waitForMessages(act: Act, count: number): Promise<readonly Message[]> {
  const deadlineMs = act.nowMs() + act.patienceMs;
  for (;;) {
    const messages = await listMessages(act);
    if (messages.length === count && messages.every(isSettled)) return messages;
    if (act.nowMs() > deadlineMs)
      throw new DemoFailure(
        `the gateway should have ${count} messages with their entries in the inbox, and has ${messages.length}. ${await explainMissing(act)}`,
      );
    await sleep(askEveryMs);
  }
}

async function listMessages({ stage }: Act): Promise<readonly Message[]> {
  const client = new Chatferry({ baseUrl: stage.baseUrl, key: stage.key });
  return (await client.listMessages({ chat_id: String(stage.at.chat_id), limit: 100 })).data;
}

/** What Telegram refused gets no entry from the gateway. */
const isSettled = ({ state, mirror }: Message): boolean => state === 'failed' || mirror.state === 'done';

/** What the gateway itself says about messages that are not in the inbox. */
export async function explainMissing(act: Act): Promise<string> {
  const missing = (await listMessages(act)).filter((message) => !isSettled(message));
  return missing
    .map(({ id, direction, state, mirror }) => {
      const why = mirror.detail === null ? '' : `: ${mirror.detail}`;
      return `The gateway says that the entry of the ${direction} message ${id} (${state}) is ${mirror.state}${why}.`;
    })
    .join(' ');
}

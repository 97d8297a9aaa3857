import { checkConversation, describeInbox, type Expected } from './check-conversation.ts';
import { checkRelayed } from './check-phone.ts';
import { DemoFailure } from './demo-failure.ts';
import { drawMessage } from './draw-message.ts';
import type { PlayOptions } from './play.ts';
import type { Teammate } from './stage.ts';
import { until } from './until.ts';

interface Answer {
  readonly agent: Teammate;
  readonly text: string;
  /** Everything that the inbox should show, this answer included. */
  readonly expected: readonly Expected[];
  /** How many messages of the bot Telegram should show, this answer included. */
  readonly count: number;
}

/** An agent writes in the inbox; over when the customer's app shows it. Gives the milliseconds in between. */
export async function answerAsAgent(
  { stage, timeline, abort, nowMs }: PlayOptions,
  { agent, text, expected, count }: Answer,
): Promise<number> {
  const { sandbox, inbox, at } = stage;
  const [conversation] = inbox.conversations();
  if (!conversation) throw new DemoFailure('there is no conversation to answer in');
  timeline.row('agent', [`answers in ${inbox.product}`]);
  const startMs = nowMs();
  inbox.answer(conversation.id, agent.id, text);
  const entry = checkConversation(inbox.conversations(), expected)?.entries.at(-1);
  if (!entry) throw new DemoFailure(`the inbox shows ${describeInbox(inbox.conversations())}`);
  timeline.said('inbox', entry.author, entry.lines);
  const shown = await until(
    sandbox.feed,
    () => `message “${text}” in the customer’s app`,
    abort,
    () => checkRelayed(sandbox.telegram.transcript(at), count, text),
  );
  const tookMs = nowMs() - startMs;
  timeline.row('telegram', drawMessage(shown), tookMs);
  timeline.gap();
  return tookMs;
}

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

/** An agent writes in the only conversation of the inbox; gives its id. */
function write({ stage: { inbox }, timeline }: PlayOptions, agent: Teammate, text: string): string {
  const [conversation] = inbox.conversations();
  if (!conversation) throw new DemoFailure('there is no conversation to answer in');
  timeline.row('agent', [`answers in ${inbox.product}`]);
  inbox.answer(conversation.id, agent.id, text);
  return conversation.id;
}

/** An agent writes in the inbox; over when the customer's app shows it. Gives the milliseconds in between. */
export async function answerAsAgent(options: PlayOptions, { agent, text, expected, count }: Answer): Promise<number> {
  const { stage, timeline, abort, nowMs } = options;
  const { sandbox, inbox, at } = stage;
  const startMs = nowMs();
  write(options, agent, text);
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

/** An agent writes what Telegram refuses; over when the inbox tells the agent why. */
export async function answerInVain(
  options: PlayOptions,
  {
    agent,
    text,
    expected,
    reason,
  }: {
    readonly agent: Teammate;
    readonly text: string;
    readonly expected: readonly Expected[];
    readonly reason: string;
  },
): Promise<void> {
  const { stage, timeline, abort, nowMs } = options;
  const { sandbox, inbox } = stage;
  const startMs = nowMs();
  const conversationId = write(options, agent, text);
  timeline.said('inbox', agent.name, [text]);
  const told = await until(
    sandbox.feed,
    () => `word of “${reason}”: the inbox shows ${describeInbox(inbox.conversations())}`,
    abort,
    () => {
      const failure = inbox.failure(conversationId);
      const isTold = failure?.includes(reason) === true && checkConversation(inbox.conversations(), expected);
      return isTold ? failure : undefined;
    },
  );
  timeline.row(
    'inbox',
    told.split('\n').filter((line) => line.trim() !== ''),
    nowMs() - startMs,
  );
  timeline.gap();
}

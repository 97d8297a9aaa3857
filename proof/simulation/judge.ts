import type { MessageRow } from '@chatferry/testkit/memory-store/database';
import type { Order } from './callers.ts';
import type { History } from './history.ts';
import { needlessWaits } from './needless-waits.ts';
import { textIn } from './world.ts';
import { wrongWebhooks } from './wrong-webhooks.ts';

/** What a history came to: all that is wrong with it, and numbers. */
export interface Verdict {
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Reads both sides: what callers, customers and agents were told, and what Telegram and the inboxes really have.
 * It knows nothing of how the gateway works but its states and the order of its lanes.
 */
export function judge(history: History): Verdict {
  const { world } = history;
  const acceptedOf = countBy(history.telegram.accepted.map(({ text }) => text));
  const rows = [...world.db.messages.values()];
  const violations = [
    ...world.violations,
    ...(history.isQuiet ? [] : [stuck(history)]),
    ...sentTwice(acceptedOf),
    ...history.callers.orders.flatMap((order) => wrongAnswers(order, acceptedOf)),
    ...rows.flatMap((row) => wrongState(history, row, acceptedOf)),
    ...outOfOrder(history, rows),
    ...wrongMirror(history, rows),
    ...unapplied(history, rows),
    ...wrongReplies(history, rows, acceptedOf),
    ...needlessWaits(history),
    ...wrongWebhooks(history),
  ];
  return { violations, counts: countsOf(history, rows) };
}

const countBy = (names: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

const textOf = ({ content }: MessageRow): string =>
  textIn('text' in content ? content.text : JSON.stringify(content.content)) ?? '';

function stuck({ world }: History): string {
  const { db, underWay } = world;
  const open = [
    `${underWay} under way`,
    `lanes: ${[...db.lanes].map(([key, { failures }]) => `${key} (${failures} failures)`).join(', ') || 'none'}`,
    `flights: ${[...db.flights.keys()].join(', ') || 'none'}`,
    `updates: ${[...db.updates.values()].filter(({ state }) => state === 'stored').length} not applied`,
  ];
  return `I12: not everything came to its end: ${open.join('; ')}`;
}

/** I1 */
const sentTwice = (acceptedOf: ReadonlyMap<string, number>): readonly string[] =>
  [...acceptedOf].flatMap(([text, count]) => (count > 1 ? [`I1: ${text} is ${count} times at Telegram`] : []));

/** I2, I3 and I8, as a caller sees them. */
function wrongAnswers(order: Order, acceptedOf: ReadonlyMap<string, number>): readonly string[] {
  const { text, answers } = order;
  const there = acceptedOf.get(text) ?? 0;
  const bodies = answers.flatMap((answer) => (answer.kind === 'sent' ? [JSON.stringify(answer.body)] : []));
  const problems: string[] = [];
  if (bodies.length > 0 && there !== 1) problems.push(`I2: ${text} was answered 201 and is ${there} times at Telegram`);
  if (new Set(bodies).size > 1) problems.push(`I8: ${text} was answered differently: ${bodies.join(' ')}`);
  const last = answers.at(-1);
  const isFinal = last?.kind === 'refused' && last.error !== 'OUTCOME_UNKNOWN' && last.error !== 'IDEMPOTENCY_CONFLICT';
  const saidSent = bodies.length > 0;
  const isOnly =
    order.idempotencyKey === null ||
    answers.every(
      (answer) =>
        answer.kind === 'refused' && answer.error !== 'OUTCOME_UNKNOWN' && answer.error !== 'IDEMPOTENCY_CONFLICT',
    );
  if (isFinal && isOnly && !saidSent && there > 0) {
    problems.push(`I3: ${text} was answered ${last.error} and is at Telegram`);
  }
  return problems;
}

/** I2, I3 and I4, as the store has them. */
function wrongState(
  { telegram, world }: History,
  row: MessageRow,
  acceptedOf: ReadonlyMap<string, number>,
): readonly string[] {
  if (row.direction === 'inbound') return [];
  const text = textOf(row);
  const there = acceptedOf.get(text) ?? 0;
  const name = `message ${row.id} (${text})`;
  switch (row.state) {
    case 'sent': {
      const isThere = telegram.accepted.some((one) => one.text === text && one.id === row.channelMessageId);
      return isThere ? [] : [`I2: ${name} is sent as ${row.channelMessageId} and Telegram knows no such message`];
    }
    case 'failed': {
      const sibling = [...world.db.messages.values()].some(
        (other) =>
          other !== row && other.direction === 'outbound' && textOf(other) === text && other.state !== 'failed',
      );
      return there === 0 || sibling ? [] : [`I3: ${name} is failed and is at Telegram`];
    }
    case 'unknown': {
      if (telegram.unanswered.has(text)) return [];
      const fromMs = row.createdAtMs - world.db.nowMs() + world.kernel.nowMs();
      const toMs = row.updatedAtMs - world.db.nowMs() + world.kernel.nowMs();
      const isExcused = world.disturbances.some((one) => one.fromMs <= toMs + 1_000 && one.toMs >= fromMs - 1_000);
      return isExcused ? [] : [`I4: ${name} is unknown, and nothing went wrong while it was sent`];
    }
    default:
      return [`I12: ${name} is ${row.state} at the end`];
  }
}

/** I7: Telegram has a chat's messages in the order in which they were taken. An unknown message does not hold up the others. */
function outOfOrder({ telegram, world }: History, rows: readonly MessageRow[]): readonly string[] {
  const idOf = new Map(
    rows.flatMap((row) => (row.state === 'sent' ? [[`${textOf(row)}:${row.channelMessageId}`, row.id] as const] : [])),
  );
  const newest = new Map<string, number>();
  const wasUnknown = new Set(
    [...world.db.attempts.values()].flatMap(({ outcome, messageId }) => (outcome === 'uncertain' ? [messageId] : [])),
  );
  const problems: string[] = [];
  for (const { channelId, chatId, text, id } of telegram.accepted) {
    const messageId = idOf.get(`${text}:${id}`);
    if (messageId === undefined || wasUnknown.has(messageId)) continue;
    const lane = `${channelId}:${chatId}`;
    if (messageId < (newest.get(lane) ?? 0)) problems.push(`I7: ${text} overtook in ${lane}`);
    else newest.set(lane, messageId);
  }
  return problems;
}

/** I6: each message once in the inbox, and a lane's messages in its order. */
function wrongMirror({ agents, world }: History, rows: readonly MessageRow[]): readonly string[] {
  const problems: string[] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const entries = [...agents.servers.values()].flatMap((server) => server.entries);
  const written = entries.filter(({ author }) => author !== 'agent');
  const countOf = countBy(written.map(({ text }) => text));
  const indexOf = new Map(written.map(({ text, index }) => [text, index]));
  for (const [text, count] of countOf) if (count > 1) problems.push(`I6: ${text} is ${count} times in the inbox`);
  const isToBeShown = ({ origin, state }: MessageRow) =>
    origin !== 'agent' && (state === 'sent' || state === 'received');
  const wanted = new Set(rows.filter(isToBeShown).map(textOf));
  for (const row of rows) {
    const isWanted = isToBeShown(row);
    const text = textOf(row);
    if (isWanted && row.mirror === 'done' && !countOf.has(text)) problems.push(`I6: ${text} is not in the inbox`);
    if (isWanted && row.mirror === 'pending') problems.push(`I12: ${text} is not in the inbox yet`);
    if (!isWanted && countOf.has(text) && !wanted.has(text)) {
      problems.push(`I6: ${text} is ${row.state} and is in the inbox`);
    }
  }
  for (const [lane, jobs] of world.lanes) {
    let newest = -1;
    for (const payload of jobs) {
      const row = rowOfJob(world.db, byId, payload);
      const index = row === undefined || row.origin === 'agent' ? undefined : indexOf.get(textOf(row));
      if (index === undefined || !lane.startsWith('inbox:')) continue;
      if (index < newest) problems.push(`I6: ${row ? textOf(row) : ''} overtook in ${lane}`);
      newest = Math.max(newest, index);
    }
  }
  return problems;
}

function rowOfJob(
  db: History['world']['db'],
  byId: ReadonlyMap<number, MessageRow>,
  payload: Readonly<Record<string, unknown>>,
): MessageRow | undefined {
  const { messageId, updateId } = payload as { messageId?: number; updateId?: number };
  if (messageId !== undefined) return byId.get(messageId);
  const update = updateId === undefined ? undefined : db.updates.get(updateId);
  // The second telling of the same message is passed over.
  if (update?.source !== 'telegram' || update.state !== 'applied') return undefined;
  const text = textIn(update.body.toString('utf8'));
  for (const row of byId.values()) if (row.direction === 'inbound' && textOf(row) === text) return row;
  return undefined;
}

/** I5: what was acknowledged to Telegram is applied once. */
function unapplied({ customers }: History, rows: readonly MessageRow[]): readonly string[] {
  const applied = countBy(rows.flatMap((row) => (row.direction === 'inbound' ? [textOf(row)] : [])));
  return customers.utterances.flatMap(({ text, acknowledgedAtMs }) => {
    const count = applied.get(text) ?? 0;
    if (count > 1) return [`I5: ${text} was applied ${count} times`];
    return acknowledgedAtMs !== null && count === 0 ? [`I5: ${text} was acknowledged and not applied`] : [];
  });
}

/** Each agent's reply reaches the customer once, or its agent is told that it did not or may not have. */
function wrongReplies(
  { agents, world }: History,
  rows: readonly MessageRow[],
  acceptedOf: ReadonlyMap<string, number>,
): readonly string[] {
  const dead = JSON.stringify(world.db.deadLetters);
  const linked = new Set([...world.db.conversations.values()].map(({ inboxConversationId }) => inboxConversationId));
  return agents.replies.flatMap(({ text, entryId, conversationId, workspaceId }) => {
    const there = acceptedOf.get(text) ?? 0;
    const reports = agents.servers.get(workspaceId)?.reports.get(entryId) ?? [];
    const name = `the reply ${entryId} (${text})`;
    if (reports.includes('failed') && there > 0) return [`I3: ${name} was reported as failed and is at Telegram`];
    if (reports.includes('delivered') && there === 0)
      return [`I2: ${name} was reported as delivered and is not at Telegram`];
    const isTaken = rows.some((row) => row.origin === 'agent' && textOf(row) === text);
    const isEnded = reports.length > 0 || dead.includes(entryId);
    if (isEnded || (!linked.has(conversationId) && !isTaken)) return [];
    return [`I12: ${name} was lost: its end was not reported${there > 0 ? ', and it is at Telegram' : ''}`];
  });
}

function countsOf({ world, telegram, callers, customers, agents, backends }: History, rows: readonly MessageRow[]) {
  const outbound = rows.filter(({ direction }) => direction === 'outbound');
  const inState = (state: MessageRow['state']) => outbound.filter((row) => row.state === state).length;
  return {
    orders: callers.orders.length,
    utterances: customers.utterances.length,
    replies: agents.replies.length,
    accepted: telegram.accepted.length,
    sent: inState('sent'),
    failed: inState('failed'),
    unknown: inState('unknown'),
    webhooks: backends.arrivals.length,
    entries: [...agents.servers.values()].reduce((sum, { entries }) => sum + entries.length, 0),
    deadLetters: world.db.deadLetters.length,
    steps: world.kernel.steps,
    virtualMs: Math.round(world.kernel.nowMs()),
  };
}

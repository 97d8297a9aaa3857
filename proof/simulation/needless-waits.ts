import type { History } from './history.ts';
import { callLimitMs } from './inbox-call.ts';
import type { TroubleOfWorld } from './trouble.ts';
import { startOfTimeMs } from './world.ts';

/** The longest waits that are no fault, in milliseconds of virtual time. Calls wait for 20 s and more until their limits. */
const bounds = {
  /** Of work that does not need the party in trouble. */
  stranger: 10_000,
  /** Until the first entry is in an inbox that answers again. */
  firstEntry: 2_000,
  /** Until everything that waited for the inbox is there. The simulated inbox has no rate limit. */
  lastEntry: 10_000,
};

/** One thing that the gateway had to carry over, from the moment in which it could. */
interface Errand {
  readonly name: string;
  readonly isStranger: boolean;
  /** Whether its end is an entry in the inbox of the party in trouble. */
  readonly isForInbox: boolean;
  readonly beganMs: number;
  /** Null where it never ended. */
  readonly endedMs: number | null;
}

/**
 * I13: no errand waits for a stranger's fault. I14: what waited for an inbox is there soon after the inbox answered its first
 * call, and nothing keeps the back-off of the outage.
 */
export function needlessWaits(history: History): readonly string[] {
  const { trouble } = history;
  if (trouble === null) return [];
  const errands = errandsOf(history, trouble);
  return [...strangersThatWaited(trouble, errands), ...lateAfterwards(trouble, errands)];
}

function strangersThatWaited({ kind, fromMs, untilMs }: TroubleOfWorld, errands: readonly Errand[]): readonly string[] {
  return errands
    .filter(({ isStranger, beganMs }) => isStranger && beganMs >= fromMs && beganMs < untilMs)
    .filter(isLongerThan(bounds.stranger))
    .map((errand) => `I13: ${tell(errand)}, while a stranger’s ${kind}`);
}

function lateAfterwards(
  { kind, fromMs, untilMs, server }: TroubleOfWorld,
  errands: readonly Errand[],
): readonly string[] {
  const answeredMs = server.answeredAtMs;
  if (answeredMs === null) return [`I14: nothing asked the inbox whether it is back after ${kind}`];
  const waited = errands.filter(({ isForInbox, beganMs }) => isForInbox && beganMs >= fromMs && beganMs < untilMs);
  // A call that hangs is not cut short when others are answered.
  const freeMs = kind === 'inbox hangs' ? Math.max(answeredMs, untilMs + callLimitMs) : answeredMs;
  const after = ({ endedMs }: Errand) => (endedMs ?? Number.POSITIVE_INFINITY) - answeredMs;
  const first = Math.min(...waited.map(after).filter((ms) => ms > 0));
  const isFirstLate = waited.some((errand) => after(errand) > 0) && first > bounds.firstEntry;
  return [
    ...(isFirstLate ? [`I14: the first entry came ${seconds(first)} after the inbox answered again`] : []),
    ...waited
      .filter(({ endedMs }) => endedMs === null || endedMs > freeMs + bounds.lastEntry)
      .map((errand) => `I14: ${tell(errand)}; the inbox answered again at ${seconds(answeredMs)}`),
    ...errands
      .filter(({ beganMs }) => beganMs > freeMs + bounds.lastEntry)
      .filter(isLongerThan(bounds.stranger))
      .map((errand) => `I14: ${tell(errand)}, long after ${kind}`),
  ];
}

const isLongerThan =
  (boundMs: number) =>
  ({ beganMs, endedMs }: Errand): boolean =>
    endedMs === null || endedMs - beganMs > boundMs;

const tell = ({ name, beganMs, endedMs }: Errand): string =>
  endedMs === null
    ? `${name} waited from ${seconds(beganMs)} to the end`
    : `${name} waited for ${seconds(endedMs - beganMs)} from ${seconds(beganMs)}`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Whatever customers wrote, backends sent and agents answered. */
function errandsOf({ telegram, agents, callers, customers }: History, trouble: TroubleOfWorld): readonly Errand[] {
  const { kind, chats, server } = trouble;
  const isInbox = kind !== 'chats hang';
  const entries = [...agents.servers.values()].flatMap((one) => one.entries).filter(({ author }) => author !== 'agent');
  const entryAtMs = new Map(entries.map(({ text, atMs }) => [text, atMs - startOfTimeMs]));
  const sentAtMs = new Map(telegram.accepted.map(({ text, atMs }) => [text, atMs]));
  const orders = new Set(callers.orders.map(({ text }) => text));
  const isInTrouble = (channelId: string, chatId: string) => chats.has(`${channelId}:${chatId}`);

  const words = customers.utterances.flatMap(({ text, channelId, chatId, acknowledgedAtMs }): readonly Errand[] => {
    if (acknowledgedAtMs === null) return [];
    const isTheirs = isInbox && isInTrouble(channelId, chatId);
    return [errand(`the customer’s ${text}`, !isTheirs, isTheirs, acknowledgedAtMs, entryAtMs.get(text))];
  });
  const copies = telegram.accepted.flatMap(({ text, channelId, chatId, atMs }): readonly Errand[] => {
    // What Telegram accepted without an answer is not copied.
    if (!orders.has(text) || telegram.unanswered.has(text)) return [];
    const isTheirs = isInbox && isInTrouble(channelId, chatId);
    return [errand(`the copy of ${text}`, !isTheirs, isTheirs, atMs, entryAtMs.get(text))];
  });
  const replies = agents.replies.flatMap(({ text, entryId, workspaceId, chat }): readonly Errand[] => {
    const beganMs = agents.acknowledgedAtMs.get(entryId);
    if (beganMs === undefined || telegram.unanswered.has(text)) return [];
    const isTheirs = isInbox ? workspaceId === server.workspaceId : chat !== null && chats.has(`chn${chat}`);
    return isTheirs ? [] : [errand(`the agent’s ${text}`, true, false, beganMs, sentAtMs.get(text))];
  });
  return [...words, ...copies, ...replies];
}

const errand = (
  name: string,
  isStranger: boolean,
  isForInbox: boolean,
  beganMs: number,
  endedMs: number | undefined,
): Errand => ({ name, isStranger, isForInbox, beganMs, endedMs: endedMs ?? null });

import type { TimedRecord } from '../judge/records.ts';
import type { Token } from '../judge/token.ts';

/** What arrives somewhere after a wait. */
export const errandNames = ['reply', 'words', 'copy'] as const;
export type ErrandName = (typeof errandNames)[number];

/** How long errands of one kind waited, in milliseconds. */
export interface Waits {
  readonly count: number;
  /** How many had not arrived when the measurement ended. Each counts as a wait until then. */
  readonly missing: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Measurement {
  readonly journal: readonly TimedRecord[];
  /** The chats that are measured. */
  readonly chats: ReadonlySet<number>;
  /** What began in this time, in milliseconds since 1970. */
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Errand {
  readonly name: ErrandName;
  readonly beganMs: number;
  readonly waitedMs: number;
  readonly isMissing: boolean;
}

/**
 * The waits as both ends see them: an agent's reply from the inbox to Telegram, a customer's words from Telegram to the inbox,
 * and the copy of a backend's message from Telegram's acceptance to the inbox.
 */
export function waitsOf({ journal, chats, fromMs, untilMs }: Measurement): Readonly<Record<ErrandName, Waits>> {
  const arrivals = arrivalsIn(journal);
  const seen = new Set<string>();
  const errands = journal.flatMap((record): readonly Errand[] => {
    const { token, atMs } = record;
    const name = errandOf(record);
    const isMeasured = chats.has(token.chatId) && atMs >= fromMs && atMs < untilMs;
    if (name === null || !isMeasured || seen.has(token.text)) return [];
    seen.add(token.text);
    const arrivedMs = (name === 'reply' ? arrivals.atTelegram : arrivals.inInbox).get(token.text);
    const endMs = Math.min(arrivedMs ?? untilMs, untilMs);
    return [{ name, beganMs: atMs, waitedMs: endMs - atMs, isMissing: arrivedMs === undefined || arrivedMs > untilMs }];
  });
  const of = (name: ErrandName) => summaryOf(errands.filter((errand) => errand.name === name));
  return { reply: of('reply'), words: of('words'), copy: of('copy') };
}

/** What begins with this record; null where nothing does. */
function errandOf(record: TimedRecord): ErrandName | null {
  const { speaker } = record.token;
  if (record.what === 'wrote') return 'words';
  if (record.what === 'sent') return speaker === 'backend' ? 'copy' : null;
  return record.by === 'inbox' && speaker === 'agent' ? 'reply' : null;
}

function arrivalsIn(journal: readonly TimedRecord[]) {
  const atTelegram = new Map<Token['text'], number>();
  const inInbox = new Map<Token['text'], number>();
  const note = (arrivals: Map<string, number>, { token, atMs }: TimedRecord): void => {
    if (!arrivals.has(token.text)) arrivals.set(token.text, atMs);
  };
  for (const record of journal) {
    if (record.what === 'sent') note(atTelegram, record);
    else if (record.what === 'entry' && record.by === 'api') note(inInbox, record);
  }
  return { atTelegram, inInbox };
}

function summaryOf(errands: readonly Errand[]): Waits {
  const sorted = errands.map(({ waitedMs }) => waitedMs).sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    count: errands.length,
    missing: errands.filter(({ isMissing }) => isMissing).length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? 0,
  };
}

/** How an inbox that was down caught up, in milliseconds after the first call that it answered. */
export interface Recovery {
  /** The entries that waited for it. */
  readonly count: number;
  /** Null where none came. */
  readonly firstMs: number | null;
  /** Null where one is missing. */
  readonly lastMs: number | null;
}

/** What began in the time of the outage and had not arrived at its end. */
export function recoveryOf({ journal, chats, fromMs, untilMs }: Measurement, answeredMs: number): Recovery {
  const arrivals = arrivalsIn(journal);
  const waited = journal.flatMap((record): readonly (number | undefined)[] => {
    const { token, atMs } = record;
    const name = errandOf(record);
    if (name === null || !chats.has(token.chatId) || atMs < fromMs || atMs >= untilMs) return [];
    const arrivedMs = (name === 'reply' ? arrivals.atTelegram : arrivals.inInbox).get(token.text);
    return arrivedMs !== undefined && arrivedMs < untilMs ? [] : [arrivedMs];
  });
  const came = waited.filter((atMs) => atMs !== undefined);
  return {
    count: waited.length,
    firstMs: came.length === 0 ? null : Math.min(...came) - answeredMs,
    lastMs: came.length < waited.length || came.length === 0 ? null : Math.max(...came) - answeredMs,
  };
}

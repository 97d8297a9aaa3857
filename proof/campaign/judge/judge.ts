import { judgeWebhooks, type WebhookBreaches } from './judge-webhooks.ts';
import type { CallerAnswer, Evidence, FarRecord, LoggedEvent, StoredMessage } from './records.ts';
import type { Token } from './token.ts';

/** Each list must be empty; each item names what it is about. */
export interface Breaches extends WebhookBreaches {
  /** Answered 201, and not at Telegram, or there under another number. */
  readonly lostSends: readonly string[];
  /** More than once at Telegram, from any speaker. */
  readonly doubledSends: readonly string[];
  /** Reported as failed, by the answer or in the store, although it is at Telegram. */
  readonly falseFailures: readonly string[];
  /** Of one chat, at Telegram before what the backend had said earlier. */
  readonly sendInversions: readonly string[];
  /** `unknown` although nothing ambiguous happened while it was on the wire. */
  readonly groundlessUnknowns: readonly string[];
  /** Sent or received, and not in the inbox. */
  readonly lostEntries: readonly string[];
  readonly doubledEntries: readonly string[];
  /** In the inbox before what the same person had said earlier. */
  readonly entryInversions: readonly string[];
  /** Chats with more than one conversation. */
  readonly doubledConversations: readonly string[];
  /** An agent's answer that neither reached Telegram nor is reported as unknown or failed. */
  readonly lostReplies: readonly string[];
  /** The event log does not tell its whole life, once and in order, or not what a customer wrote or an inbox has. */
  readonly untold: readonly string[];
  /** Not final although no work is left. */
  readonly unfinished: readonly string[];
}

export interface Tally {
  readonly sends: number;
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly cut: number;
  readonly customerMessages: number;
  readonly replies: number;
  readonly entries: number;
}

export interface Verdict {
  readonly tally: Tally;
  readonly breaches: Breaches;
}

/** How many promises were broken; 0 is the only good answer. */
export const breachesIn = ({ breaches }: Verdict): number =>
  Object.values(breaches).reduce((sum, list) => sum + list.length, 0);

/** Compares the answers that callers got, what the gateway stores, and what the providers accepted. Pure. */
export function judge({ far, told, kept, ambiguities, ...webhooks }: Evidence): Verdict {
  const sent = far.filter((record) => record.what === 'sent');
  const entries = far.filter((record) => record.what === 'entry');
  const wrote = far.filter((record) => record.what === 'wrote');
  const written = entries.filter(({ by }) => by === 'api');
  const replies = entries.filter(({ by, token }) => by === 'inbox' && token.speaker === 'agent');
  const timesSent = countByToken(sent);
  const atTelegram = new Set(sent.map(({ token, messageId }) => `${token.text} ${messageId}`));
  const timesWritten = countByToken(written.filter(({ token }) => token.speaker !== 'agent'));
  const keptByToken = new Map(kept.map((message) => [message.token.text, message]));
  const stateOf = (token: Token) => keptByToken.get(token.text)?.state;
  const unknown = kept.filter(({ state }) => state === 'unknown');
  const mustStand = [...told.filter(isAnswered('sent')), ...kept.filter(({ state }) => state === 'sent'), ...wrote]
    .map(({ token }) => token)
    .filter(({ speaker }) => speaker !== 'agent');

  return {
    tally: {
      sends: told.length,
      sent: told.filter(isAnswered('sent')).length,
      failed: told.filter(isAnswered('failed')).length,
      unknown: told.filter(isAnswered('unknown')).length,
      cut: told.filter(isAnswered('cut')).length,
      customerMessages: wrote.length,
      replies: replies.length,
      entries: written.length,
    },
    breaches: {
      lostSends: told
        .filter(isAnswered('sent'))
        .filter(({ token, messageId }) => !atTelegram.has(`${token.text} ${messageId}`))
        .map(textOf),
      doubledSends: repeated(timesSent),
      falseFailures: [...told.filter(isAnswered('failed')), ...kept.filter(({ state }) => state === 'failed')]
        .map(textOf)
        // A caller may ask again after a failure that was not sent: then the last state counts.
        .filter((text) => timesSent.has(text) && keptByToken.get(text)?.state === 'failed'),
      sendInversions: inversions(sent.filter(({ token }) => token.speaker === 'backend')),
      groundlessUnknowns: unknown.filter((message) => !isExplained(message, ambiguities)).map(textOf),
      lostEntries: [...new Set(mustStand.map(({ text }) => text))].filter((text) => !timesWritten.has(text)),
      doubledEntries: repeated(timesWritten),
      entryInversions: inversions(written.filter(({ token }) => token.speaker !== 'agent')),
      doubledConversations: doubledConversations(entries),
      lostReplies: replies
        .filter(({ token }) => !timesSent.has(token.text) && !['unknown', 'failed'].includes(stateOf(token) ?? ''))
        .map(textOf),
      untold: [
        ...kept
          .filter((message) => !isTold(message))
          .map(({ token, state, events }) => `${token.text} is ${state}, told as ${events.join(', ') || 'nothing'}`),
        ...untoldEntries(written, webhooks.log),
      ],
      unfinished: kept.filter(({ state }) => state === 'pending' || state === 'sending').map(textOf),
      ...judgeWebhooks(webhooks),
    },
  };
}

const ends: Readonly<Record<string, string>> = {
  sent: '(message.sent|message.unknown message.resolved)',
  failed: '(message.failed|message.unknown message.resolved)',
  unknown: 'message.unknown',
};

/** How the log must tell a message that ended so. One that is not final is judged elsewhere. */
function isTold({ token, state, events }: StoredMessage): boolean {
  const end = ends[state];
  if (end === undefined) return true;
  const wanted = token.speaker === 'agent' ? `(reply.unknown )?reply.${state}` : `message.accepted ${end}`;
  const told = state === 'unknown' && token.speaker === 'agent' ? 'reply.unknown' : wanted;
  return new RegExp(`^${told.replaceAll('.', '\\.')}$`).test(events.join(' '));
}

/** What is in an inbox was recorded there, and a customer's words were received. */
function untoldEntries(written: readonly Entry[], log: readonly LoggedEvent[]): readonly string[] {
  const told = new Set(log.flatMap(({ type, token }) => (token === null ? [] : [`${type} ${token.text}`])));
  const tokens = new Map(written.map(({ token }) => [token.text, token]));
  return [...tokens.values()].flatMap(({ text, speaker }) => {
    if (speaker === 'agent') return [];
    const types = speaker === 'customer' ? ['message.received', 'message.recorded'] : ['message.recorded'];
    return types.filter((type) => !told.has(`${type} ${text}`)).map((type) => `${text} has no ${type}`);
  });
}

type Entry = Extract<FarRecord, { what: 'entry' }>;

const textOf = ({ token }: { readonly token: Token }): string => token.text;

const isAnswered =
  (answer: CallerAnswer['answer']) =>
  (one: CallerAnswer): boolean =>
    one.answer === answer;

function countByToken(records: readonly { readonly token: Token }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { token } of records) counts.set(token.text, (counts.get(token.text) ?? 0) + 1);
  return counts;
}

const repeated = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts].filter(([, count]) => count > 1).map(([text, count]) => `${text} (${count} times)`);

/** What comes after something that the same speaker said later in the same chat. */
function inversions(records: readonly { readonly token: Token }[]): readonly string[] {
  const newest = new Map<string, number>();
  return records.flatMap(({ token }) => {
    const lane = `${token.speaker}-${token.chatId}`;
    const before = newest.get(lane) ?? -1;
    newest.set(lane, Math.max(before, token.number));
    return token.number < before ? [`${token.text} after ${lane}-${before}`] : [];
  });
}

function doubledConversations(entries: readonly Entry[]): readonly string[] {
  const byChat = new Map<number, Set<string>>();
  for (const { token, conversationId } of entries) {
    const known = byChat.get(token.chatId) ?? new Set();
    byChat.set(token.chatId, known.add(conversationId));
  }
  return [...byChat].filter(([, ids]) => ids.size > 1).map(([chatId, ids]) => `chat ${chatId} has ${ids.size}`);
}

const isExplained = ({ token, attempts }: StoredMessage, ambiguities: Evidence['ambiguities']): boolean =>
  attempts.some(({ startedAtMs, finishedAtMs }) =>
    ambiguities.some(
      ({ fromMs, untilMs, chatId = token.chatId }) =>
        chatId === token.chatId && startedAtMs <= untilMs && finishedAtMs >= fromMs,
    ),
  );

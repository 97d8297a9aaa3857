import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classify as classifyHubspot } from './hubspot/classify.ts';
import { classify as classifyIntercom } from './intercom/classify.ts';
import type { Reply } from './json-answer.ts';
import { classifySend } from './telegram/classify.ts';

const page = readFileSync(new URL('../../../../docs/when-an-object-is-gone.md', import.meta.url), 'utf8');

/** The rows of the page's tables: provider, status, code or words, meaning. */
const rows = [...page.matchAll(/^\| (HubSpot|Intercom|Telegram) \| (\d{3}) \| (?:`([^`]+)` )?\| ([^|]+) \|/gm)].map(
  ([, provider = '', status = '', words = '', meaning = '']) => ({ provider, status: Number(status), words, meaning }),
);

const answered = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: 'answered',
  status,
  headers,
  json,
});

function meaningAtHubspot(status: number, category: string): string {
  const json = category === '' ? undefined : { status: 'error', category, message: 'words' };
  const outcome = classifyHubspot(answered(status, json), { effect: 'reads', about: 'thread' }, '/path');
  return inboxMeanings[outcome.kind];
}

function meaningAtIntercom(status: number, code: string): string {
  const json = code === '' ? undefined : { type: 'error.list', errors: [{ code, message: 'words' }] };
  const link = { link: '</contacts/6762f0dd1bb69f9f2193bb83>; rel="canonical"' };
  const asked = { effect: 'reads', about: 'contact', nowMs: 0 } as const;
  const outcome = classifyIntercom(answered(status, json, code === 'contact_merged' ? link : {}), asked);
  return outcome.kind === 'gone' && outcome.successor !== undefined ? 'merged' : inboxMeanings[outcome.kind];
}

const inboxMeanings = {
  ok: 'works',
  gone: 'gone',
  deferred: 'repeats',
  rejected: 'refuses',
  broken: 'takes the credential as refused',
  uncertain: 'does not know',
} as const;

function meaningAtTelegram(status: number, description: string): string {
  if (description === '') {
    const { kind } = classifySend({ kind: 'foreign', status, detail: 'a page' });
    return kind === 'uncertain' ? 'does not know' : kind;
  }
  const envelope = {
    ok: false,
    errorCode: status,
    description,
    retryAfterSeconds: null,
    migrateToChatId: null,
  } as const;
  const outcome = classifySend({ kind: 'envelope', status, envelope });
  return outcome.kind === 'rejected' ? (telegramMeanings[outcome.reason] ?? outcome.reason) : outcome.kind;
}

const telegramMeanings: Readonly<Record<string, string>> = {
  'recipient-gone': 'recipient gone',
  'recipient-unknown': 'recipient unknown',
  'channel-broken': 'takes the bot as refused',
  refused: 'refuses',
};

const meanings: Readonly<Record<string, (status: number, words: string) => string>> = {
  HubSpot: meaningAtHubspot,
  Intercom: meaningAtIntercom,
  Telegram: meaningAtTelegram,
};

describe('docs/when-an-object-is-gone.md', () => {
  it('has the answers of all providers', () => {
    expect(rows).toHaveLength(page.match(/^\| (HubSpot|Intercom|Telegram) \|/gm)?.length ?? 0);
    expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(Object.keys(meanings)));
  });

  it.each(rows)('says what the gateway reads in an answer of $provider: $status $words', (row) => {
    expect(meanings[row.provider]?.(row.status, row.words)).toBe(row.meaning);
  });
});

describe('no other answer of an inbox', () => {
  const proofs = rows.filter(({ meaning }) => meaning === 'gone' || meaning === 'merged');
  const statuses = [300, 301, 400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 415, 418, 422, 451, 499];
  const codes = ['', 'not_found', 'contact_merged', 'OBJECT_NOT_FOUND', 'forbidden', 'x'];

  it.each(['HubSpot', 'Intercom'])('is read as a missing object of %s', (provider) => {
    const read = statuses.flatMap((status) =>
      codes
        .filter((code) => ['gone', 'merged'].includes(meanings[provider]?.(status, code) ?? ''))
        .map((code) => `${status} ${code}`),
    );
    const listed = proofs
      .filter((proof) => proof.provider === provider)
      .map(({ status, words }) => `${status} ${words}`);
    expect(read).toEqual(listed);
  });
});

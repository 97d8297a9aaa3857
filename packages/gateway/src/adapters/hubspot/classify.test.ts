import { describe, expect, it } from 'vitest';
import type { Reply } from '../json-answer.ts';
import { type Asked, classify, classifyRefresh } from './classify.ts';

const publishes: Asked = { effect: 'writes', about: 'message' };
const reads: Asked = { effect: 'reads', about: 'account' };

/** HubSpot: the shape of every error; each field is optional. */
const error = (category: string, message: string) => ({
  status: 'error',
  message,
  correlationId: '8e7f1c0a-6b8d-4d0e-9b3b-0f5a3f1c2d4e',
  category,
});

const answered = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: 'answered',
  status,
  headers,
  json,
});

const unknown = {
  kind: 'deferred',
  isUnserved: true,
  detail: expect.stringContaining('the Owners API in version 2026-03 (/crm/owners/2026-03): update Chatferry'),
} as const;

describe('an answer of HubSpot', () => {
  it.each([
    ['201', answered(201, { id: 'm' }), publishes, { kind: 'ok', value: { id: 'm' } }],
    ['204', answered(204, undefined), publishes, { kind: 'ok' }],
    ['201 cut in the middle', answered(201, undefined), publishes, { kind: 'uncertain' }],
    [
      '400',
      answered(400, error('VALIDATION_ERROR', 'Invalid actor')),
      publishes,
      { kind: 'rejected', status: 400, message: 'VALIDATION_ERROR Invalid actor' },
    ],
    ['400 without a body', answered(400, undefined), publishes, { kind: 'rejected', status: 400, message: '' }],
    ['401', answered(401, error('INVALID_AUTHENTICATION', 'expired')), publishes, { kind: 'broken' }],
    ['403 on our channel', answered(403, error('MISSING_SCOPES', 'scopes')), publishes, { kind: 'broken' }],
    ['403 on a list', answered(403, error('MISSING_SCOPES', 'scopes')), reads, { kind: 'rejected', status: 403 }],
    [
      '404 of a thread',
      answered(404, error('OBJECT_NOT_FOUND', 'no thread')),
      { effect: 'writes', about: 'thread' },
      { kind: 'gone', what: 'conversation' },
    ],
    [
      '404 of a contact',
      answered(404, error('OBJECT_NOT_FOUND', 'no contact')),
      { effect: 'reads', about: 'contact' },
      { kind: 'gone', what: 'contact' },
    ],
    ['404 of an unknown path, for a thread', answered(404, undefined), { effect: 'reads', about: 'thread' }, unknown],
    [
      '404 of an unknown path, for a contact',
      answered(404, undefined),
      { effect: 'writes', about: 'contact' },
      unknown,
    ],
    ['404 of an unknown path, for a message', answered(404, undefined), publishes, unknown],
    ['404 of an unknown path, for a list', answered(404, undefined), reads, unknown],
    [
      '404 that names no object',
      answered(404, { status: 'error', message: 'resource not found' }),
      { effect: 'reads', about: 'thread' },
      unknown,
    ],
    ['405', answered(405, undefined), publishes, unknown],
    ['404 of our channel', answered(404, error('OBJECT_NOT_FOUND', 'no')), publishes, { kind: 'rejected' }],
    [
      '429 with Retry-After in seconds',
      answered(429, error('RATE_LIMITS', 'TEN_SECONDLY_ROLLING'), { 'retry-after': '3' }),
      publishes,
      { kind: 'deferred', retryAfterMs: 3_000 },
    ],
    [
      '429 with only the interval',
      answered(429, undefined, { 'x-hubspot-ratelimit-interval-milliseconds': '10000' }),
      publishes,
      { kind: 'deferred', retryAfterMs: 10_000 },
    ],
    ['429 that says nothing', answered(429, undefined), publishes, { kind: 'deferred', retryAfterMs: 10_000 }],
    ['423', answered(423, undefined, { 'retry-after': '2' }), publishes, { kind: 'deferred', retryAfterMs: 2_000 }],
    ['502 on a write', answered(502, undefined), publishes, { kind: 'uncertain' }],
    ['504 on a read', answered(504, undefined), reads, { kind: 'deferred' }],
    ['no connection', { kind: 'not-written', detail: 'refused' } as const, publishes, { kind: 'deferred' }],
    ['no answer to a write', { kind: 'uncertain', detail: 'reset' } as const, publishes, { kind: 'uncertain' }],
    ['no answer to a read', { kind: 'uncertain', detail: 'reset' } as const, reads, { kind: 'deferred' }],
  ] satisfies [string, Reply, Asked, object][])('is classified: %s', (_case, reply, asked, expected) => {
    expect(classify(reply, asked, '/crm/owners/2026-03')).toMatchObject(expected);
  });
});

describe('HubSpot’s answer to a refresh token', () => {
  it.each([
    ['a dead grant', answered(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown' }), 'broken'],
    ['another app', answered(400, { status: 'BAD_CLIENT_ID', message: 'missing or unknown' }), 'broken'],
    ['a token', answered(200, { access_token: 'a', expires_in: 1800 }), 'ok'],
    ['no answer', { kind: 'uncertain', detail: 'reset' } as const, 'deferred'],
    ['an error of HubSpot', answered(500, undefined), 'deferred'],
    ['too many', answered(429, undefined), 'deferred'],
  ] satisfies [string, Reply, string][])('is classified: %s', (_case, reply, kind) => {
    expect(classifyRefresh(reply, '/oauth/2026-03/token').kind).toBe(kind);
  });
});

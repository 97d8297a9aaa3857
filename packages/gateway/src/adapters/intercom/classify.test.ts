import { describe, expect, it } from 'vitest';
import type { Reply } from '../json-answer.ts';
import { type Asked, classify } from './classify.ts';

const nowMs = 1_795_348_800_000;
const writes: Asked = { effect: 'writes', about: 'conversation', nowMs };
const reads: Asked = { ...writes, effect: 'reads' };

/** Intercom: the shape of every error. */
const errorList = (code: string, message: string) => ({
  type: 'error.list',
  request_id: '5ef5682e-f66e-40a4-b828-8592175f83b8',
  errors: [{ code, message }],
});

const answered = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: 'answered',
  status,
  headers,
  json,
});

const notFound = errorList('not_found', 'Resource Not Found');
const rateLimited = errorList('rate_limit_exceeded', 'Exceeded rate limit of 167 in 10_seconds');

const unknown = { kind: 'deferred', isUnserved: true, detail: expect.stringContaining('update Chatferry') } as const;

describe('an answer of Intercom', () => {
  it.each([
    ['200', answered(200, { id: '1' }), writes, { kind: 'ok', value: { id: '1' } }],
    ['200 cut in the middle, on a write', answered(200, undefined), writes, { kind: 'uncertain' }],
    ['200 cut in the middle, on a read', answered(200, undefined), reads, { kind: 'deferred' }],
    [
      '400',
      answered(400, errorList('parameter_invalid', 'Body is required')),
      writes,
      { kind: 'rejected', status: 400, message: 'Body is required' },
    ],
    ['422 without a body', answered(422, undefined), writes, { kind: 'rejected', status: 422, message: '' }],
    ['401', answered(401, errorList('unauthorized', 'Access Token Invalid')), writes, { kind: 'broken' }],
    [
      '403 because the subscription ended',
      answered(403, errorList('api_plan_restricted', 'Active subscription needed.')),
      writes,
      { kind: 'broken' },
    ],
    ['403 for one call', answered(403, errorList('forbidden', 'No')), writes, { kind: 'rejected', status: 403 }],
    ['404 of a conversation', answered(404, notFound), writes, { kind: 'gone', what: 'conversation' }],
    ['404 of a contact', answered(404, notFound), { ...writes, about: 'contact' }, { kind: 'gone', what: 'contact' }],
    ['404 of a value that nothing has', answered(404, notFound), { ...reads, about: 'match' }, { kind: 'rejected' }],
    ['404 of a call about no object', answered(404, notFound), { ...writes, about: 'account' }, unknown],
    ['404 with a page', answered(404, undefined), writes, unknown],
    ['404 with a page, of a contact', answered(404, undefined), { ...reads, about: 'contact' }, unknown],
    ['410 with a page', answered(410, undefined), { ...reads, about: 'contact' }, unknown],
    ['404 of a tag', answered(404, errorList('tag_not_found', 'Tag not found')), writes, { kind: 'rejected' }],
    [
      'an unknown version',
      answered(400, errorList('intercom_version_invalid', 'The requested version could not be found')),
      writes,
      unknown,
    ],
    [
      '410 of a merged contact',
      answered(410, errorList('contact_merged', 'This contact has been merged.'), {
        link: '</contacts/6762f0dd1bb69f9f2193bb83>; rel="canonical"',
      }),
      { ...reads, about: 'contact' },
      { kind: 'gone', what: 'contact', successor: { contactId: '6762f0dd1bb69f9f2193bb83', data: {} } },
    ],
    [
      '410 that names no heir',
      answered(410, errorList('contact_merged', 'This contact has been merged.')),
      { ...reads, about: 'contact' },
      { kind: 'gone', what: 'contact' },
    ],
    [
      '429 with the end of the window',
      answered(429, rateLimited, { 'x-ratelimit-reset': String(nowMs / 1000 + 7) }),
      writes,
      { kind: 'deferred', retryAfterMs: 7_000 },
    ],
    [
      '429 with a window that is over by our clock',
      answered(429, rateLimited, { 'x-ratelimit-reset': String(nowMs / 1000 - 50) }),
      writes,
      { kind: 'deferred', retryAfterMs: 1_000 },
    ],
    [
      '429 with a window far away by our clock',
      answered(429, rateLimited, { 'x-ratelimit-reset': String(nowMs / 1000 + 9_000) }),
      writes,
      { kind: 'deferred', retryAfterMs: 60_000 },
    ],
    ['429 that says nothing', answered(429, undefined), writes, { kind: 'deferred', retryAfterMs: 10_000 }],
    ['500 on a write', answered(500, undefined), writes, { kind: 'uncertain' }],
    ['503 on a read', answered(503, undefined), reads, { kind: 'deferred', retryAfterMs: null }],
    ['408 on a write', answered(408, undefined), writes, { kind: 'uncertain' }],
    ['a redirect', answered(302, undefined), writes, { kind: 'rejected', status: 302 }],
    ['no connection', { kind: 'not-written', detail: 'refused' } as const, writes, { kind: 'deferred' }],
    ['no answer to a write', { kind: 'uncertain', detail: 'reset' } as const, writes, { kind: 'uncertain' }],
    ['no answer to a read', { kind: 'uncertain', detail: 'reset' } as const, reads, { kind: 'deferred' }],
  ] satisfies [string, Reply, Asked, object][])('is classified: %s', (_case, reply, asked, expected) => {
    expect(classify(reply, asked)).toMatchObject(expected);
  });
});

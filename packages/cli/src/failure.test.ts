import { ApiError } from '@chatferry/sdk';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './failure.ts';

const failureOf = (error: string, details: readonly { readonly pointer: string; readonly message: string }[]) => {
  const doc_url = 'https://chat.example.com/docs/errors/TYPE_MISMATCH';
  const body = { request_id: 'r', error_code: 4, error_name: 'TYPE_MISMATCH', error, doc_url, details } as const;
  const failure = new ApiError({ status: 400, body, retryAfterMs: undefined, idempotencyKey: undefined });
  return describeFailure(failure, '');
};

const refusal = (...given: Parameters<typeof failureOf>) =>
  failureOf(...given)
    ?.text.split('\n')
    .slice(0, -2);

describe('the text of a refused request', () => {
  it('has each sentence once, with its place', () => {
    const details = [
      { pointer: '#/query/limit', message: 'No such limit.' },
      { pointer: '/text', message: 'Too long.' },
    ];
    expect(refusal('No such limit.', details)).toEqual([
      'Refused: No such limit.',
      '  at #/query/limit',
      '  /text: Too long.',
    ]);
  });

  it('has no place for a problem with the whole request', () => {
    expect(refusal('No.', [{ pointer: '', message: 'No.' }])).toEqual(['Refused: No.']);
    expect(refusal('No.', [{ pointer: '', message: 'It is not JSON.' }])).toEqual([
      'Refused: No.',
      '  It is not JSON.',
    ]);
  });

  it('names the page about the error, also in JSON', () => {
    const failure = failureOf('No.', []);
    expect(failure?.text).toContain('\nMore: https://chat.example.com/docs/errors/TYPE_MISMATCH\n');
    expect(failure?.json).toMatchObject({ doc_url: 'https://chat.example.com/docs/errors/TYPE_MISMATCH' });
  });
});

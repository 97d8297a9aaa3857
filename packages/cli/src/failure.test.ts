import { ApiError } from '@chatferry/sdk';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './failure.ts';

const refusal = (error: string, details: readonly { readonly pointer: string; readonly message: string }[]) => {
  const body = { request_id: 'r', error_code: 4, error_name: 'TYPE_MISMATCH', error, details } as const;
  const failure = new ApiError({ status: 400, body, retryAfterMs: undefined, idempotencyKey: undefined });
  return describeFailure(failure, '')?.text.split('\n').slice(0, -1);
};

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
});

import { ApiError } from '@chatferry/sdk';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './failure.ts';

const refusal = (error: string, details: readonly { readonly pointer: string; readonly message: string }[]) => {
  const body = { request_id: 'r', error_code: 4, error_name: 'TYPE_MISMATCH', error, details } as const;
  const failure = new ApiError({ status: 400, body, retryAfterMs: undefined, idempotencyKey: undefined });
  return describeFailure(failure, '')?.text.split('\n').slice(0, -1);
};

describe('a refusal', () => {
  it('says a sentence once, and where it belongs', () => {
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

  it('shows no place where the problem is about the whole', () => {
    expect(refusal('No.', [{ pointer: '', message: 'No.' }])).toEqual(['Refused: No.']);
    expect(refusal('No.', [{ pointer: '', message: 'It is not JSON.' }])).toEqual([
      'Refused: No.',
      '  It is not JSON.',
    ]);
  });
});

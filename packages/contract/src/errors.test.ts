import { describe, expect, it } from 'vitest';
import {
  ErrorBody,
  errorBody,
  errorCatalogue,
  errorCoded,
  errorNamed,
  ProblemDetails,
  problemDetails,
} from './errors.ts';

const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';
const base = 'https://chat.example.com';

describe('the error catalogue', () => {
  it('has the published codes, names and statuses', () => {
    expect(errorCatalogue.map(({ code, name, status }) => [code, name, status])).toEqual([
      [1, 'ARGUMENT_MISSING', 400],
      [2, 'EMPTY_BODY', 400],
      [3, 'USER_NOT_FOUND', 400],
      [4, 'TYPE_MISMATCH', 400],
      [5, 'TELEGRAM_REJECTED', 400],
      [6, 'DEPRECATED_API_KEY', 400],
      [101, 'UNAUTHORIZED', 401],
      [102, 'FORBIDDEN', 403],
      [103, 'FEATURE_DISABLED', 403],
      [104, 'NOT_FOUND', 404],
      [105, 'METHOD_NOT_ALLOWED', 405],
      [109, 'IDEMPOTENCY_CONFLICT', 409],
      [110, 'NOT_REPEATABLE', 409],
      [111, 'ALREADY_CONNECTED', 409],
      [113, 'PAYLOAD_TOO_LARGE', 413],
      [114, 'UPLOADS_FULL', 413],
      [115, 'UNSUPPORTED_MEDIA_TYPE', 415],
      [122, 'IDEMPOTENCY_MISMATCH', 422],
      [123, 'INBOX_REFUSED', 422],
      [129, 'RATE_LIMITED', 429],
      [150, 'INTERNAL', 500],
      [153, 'UNAVAILABLE', 503],
      [154, 'OUTCOME_UNKNOWN', 504],
    ]);
  });

  it('marks an error as retryable only if no message can have been sent', () => {
    expect(errorCatalogue.filter(({ retryable }) => retryable).map(({ name }) => name)).toEqual([
      'IDEMPOTENCY_CONFLICT',
      'RATE_LIMITED',
      'UNAVAILABLE',
    ]);
  });

  it('returns an entry by its code', () => {
    expect(errorCoded(154)).toBe(errorNamed('OUTCOME_UNKNOWN'));
    expect(errorCoded(7)).toBeUndefined();
  });
});

describe('the body of an error answer', () => {
  it('contains only the parts that are given', () => {
    expect(errorBody({ requestId, base, name: 'NOT_FOUND' })).toEqual({
      request_id: requestId,
      error_code: 104,
      error_name: 'NOT_FOUND',
      error: errorNamed('NOT_FOUND').message,
      doc_url: 'https://chat.example.com/docs/errors/NOT_FOUND',
    });
  });

  it('matches its schema with all parts', () => {
    const body = errorBody({
      requestId,
      base,
      name: 'TELEGRAM_REJECTED',
      message: 'Telegram refused.',
      details: [{ pointer: '/a', message: 'b' }],
      messageId: 7,
      telegram: { error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    expect(ErrorBody.parse(body)).toEqual(body);
    expect(body.error).toBe('Telegram refused.');
  });

  it('matches the schema of problem details in its other form, and loses nothing in it', () => {
    const body = errorBody({ requestId, base, name: 'NOT_FOUND', message: 'Gone.', messageId: 7 });
    const problem = problemDetails(body);
    expect(ProblemDetails.parse(problem)).toEqual(problem);
    const { type, detail, title: _, status: __, instance: ___, ...rest } = problem;
    expect({ ...rest, error: detail, doc_url: type }).toEqual(body);
  });
});

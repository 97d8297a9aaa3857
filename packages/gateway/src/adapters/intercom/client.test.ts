import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import type { HttpResult } from '../http/http-call.ts';
import { createClient } from './client.ts';

const token = 'dG9rOjEyMzQ1Njc4OTA=';

it('the Intercom client returns the token in no outcome', async () => {
  const around = fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${token}${after}`);
  const answers = fc.oneof(
    fc.record({
      kind: fc.constant('answered' as const),
      status: fc.constantFrom(302, 400, 401, 403, 404, 409, 410, 422, 429, 500),
      headers: fc.constant({}),
      body: around.map((message) => Buffer.from(JSON.stringify({ errors: [{ code: message, message }] }))),
    }),
    fc.record({ kind: fc.constantFrom('not-written' as const, 'uncertain' as const), detail: around }),
  );
  await fc.assert(
    fc.asyncProperty(answers, async (answer: HttpResult) => {
      const client = createClient({
        transport: { call: () => Promise.resolve(answer) },
        clock: createManualClock(),
        baseUrl: 'https://api.intercom.io',
        accessToken: new BoundSecret(token, ['https://api.intercom.io']),
        secrets: [new BoundSecret(token, ['https://api.intercom.io'])],
      });
      const outcomes = [await client.post('/contacts', {}, 'contact'), await client.get('/me', 'account')];
      expect(JSON.stringify(outcomes)).not.toContain(token);
    }),
  );
});

import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createVault } from './sealed.ts';
import { createWebhookSecrets } from './webhook-secrets.ts';

const vault = createVault({ primary: { id: 'test', key: randomBytes(32) }, others: [] });
const secrets = createWebhookSecrets(vault);
const request = { eventId: 'evt_1', atMs: Date.now(), body: '{"type":"message.sent","text":"Grüße ✓"}' };

describe('the secret of a webhook endpoint', () => {
  it('signs as Standard Webhooks says: HMAC-SHA256 over id, time and body with the bytes behind whsec_', () => {
    const { shown, sealed } = secrets.make('whe_1', randomBytes(32));
    const headers = secrets.sign({ id: 'whe_1', secret: sealed, previousSecret: null }, request);
    const seconds = Math.floor(request.atMs / 1_000);
    const mac = createHmac('sha256', Buffer.from(shown.slice('whsec_'.length), 'base64'));
    const signature = mac.update(`evt_1.${seconds}.${request.body}`).digest('base64');
    expect(headers).toEqual({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    });
  });

  it('signs beside the one before it, so that a receiver with either of them accepts the request', () => {
    const [before, now] = [secrets.make('whe_1', randomBytes(32)), secrets.make('whe_1', randomBytes(32))];
    const headers = secrets.sign({ id: 'whe_1', secret: now.sealed, previousSecret: before.sealed }, request);
    for (const { shown } of [before, now]) {
      expect(new Webhook(shown).verify(request.body, { ...headers })).toEqual(JSON.parse(request.body));
    }
  });

  it('cannot be used for another endpoint', () => {
    const { sealed } = secrets.make('whe_1', randomBytes(32));
    expect(() => secrets.sign({ id: 'whe_2', secret: sealed, previousSecret: null }, request)).toThrow(
      'cannot be opened',
    );
  });
});

import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type VerifyOptions, WebhookVerificationError, webhooks } from './webhooks.js';

const key = randomBytes(24);
const secret = `whsec_${key.toString('base64')}`;
const payload = JSON.stringify({ id: 'evt_1', type: 'button.tapped', data: { text: 'Grüße' } });
const seconds = 1_800_000_000;
const now: VerifyOptions = { nowMs: seconds * 1000 };

const sign = (by: Buffer, body = payload, id = 'evt_1', timestamp = String(seconds)): string =>
  `v1,${createHmac('sha256', by).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

const headersWith = (signature: string, timestamp = String(seconds)) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
});

const headers = headersWith(sign(key));

describe('the check of a webhook', () => {
  it('returns its event', async () => {
    expect(await webhooks.verify(payload, headers, secret, now)).toEqual(JSON.parse(payload));
  });

  // The example of the Standard Webhooks specification, in its own reference implementations.
  it('accepts what other implementations of Standard Webhooks sign', async () => {
    const event = await webhooks.verify(
      '{"test": 2432232314}',
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      { nowMs: 1_614_265_330_000 },
    );
    expect(event).toEqual({ test: 2432232314 });
  });

  it.each([
    ['bytes', new TextEncoder().encode(payload), headers],
    ['a Node Buffer', Buffer.from(payload), headers],
    ['an ArrayBuffer', new TextEncoder().encode(payload).buffer, headers],
    ['Headers of fetch', payload, new Headers(headers)],
    [
      'headers in other letters',
      payload,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])),
    ],
  ])('takes %s', async (_, body, given) => {
    expect(await webhooks.verify(body, given, secret, now)).toEqual(JSON.parse(payload));
  });

  it('accepts either secret during a rotation, on both sides', async () => {
    const other = randomBytes(24);
    const both = headersWith(`${sign(other)} v2,AAAA ${sign(key)}`);
    expect(await webhooks.verify(payload, both, secret, now)).toEqual(JSON.parse(payload));
    const secrets = [`whsec_${other.toString('base64')}`, secret];
    expect(await webhooks.verify(payload, headers, secrets, now)).toEqual(JSON.parse(payload));
  });

  it.each([
    ['another body', `${payload} `, headers, secret, 'signature'],
    ['another secret', payload, headers, `whsec_${randomBytes(24).toString('base64')}`, 'signature'],
    ['another id', payload, { ...headers, 'webhook-id': 'evt_2' }, secret, 'signature'],
    ['a signature of another kind', payload, headersWith(sign(key).replace('v1,', 'v2,')), secret, 'signature'],
    ['a signature that is no base64', payload, headersWith('v1,%%%'), secret, 'signature'],
    ['a signature that is cut', payload, headersWith(sign(key).slice(0, -8)), secret, 'signature'],
    ['an empty signature', payload, headersWith('v1,'), secret, 'signature'],
    ['no signature', payload, { 'webhook-id': 'evt_1', 'webhook-timestamp': String(seconds) }, secret, 'headers'],
    ['an old time', payload, headersWith(sign(key, payload, 'evt_1', '1799999699'), '1799999699'), secret, 'timestamp'],
    [
      'a time ahead',
      payload,
      headersWith(sign(key, payload, 'evt_1', '1800000301'), '1800000301'),
      secret,
      'timestamp',
    ],
    ['a time that is no number', payload, headersWith(sign(key, payload, 'evt_1', 'x'), 'x'), secret, 'timestamp'],
    ['no secret', payload, headers, '', 'secret'],
    ['a secret that is no base64', payload, headers, 'whsec_%%%', 'secret'],
    ['a body that is no JSON', 'hello', headersWith(sign(key, 'hello')), secret, 'payload'],
  ])('refuses %s', async (_, body, given, by, problem) => {
    const failure = webhooks.verify(body, given, by, now);
    await expect(failure).rejects.toBeInstanceOf(WebhookVerificationError);
    await expect(failure).rejects.toMatchObject({ problem });
  });

  it('accepts a time up to its tolerance', async () => {
    const old = headersWith(sign(key, payload, 'evt_1', '1799999700'), '1799999700');
    expect(await webhooks.verify(payload, old, secret, now)).toEqual(JSON.parse(payload));
    const narrow = webhooks.verify(payload, old, secret, { ...now, toleranceSeconds: 60 });
    await expect(narrow).rejects.toMatchObject({ problem: 'timestamp' });
  });

  it('uses the clock where no time is given', async () => {
    await expect(webhooks.verify(payload, headers, secret)).rejects.toMatchObject({ problem: 'timestamp' });
  });
});

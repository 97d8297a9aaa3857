import { BoundSecret } from '@chatferry/gateway/internal/ports/secret';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ReceivedCall, startWebhookReceiver, type WebhookReceiver } from '../../http/webhook-receiver.ts';
import type { Around } from './scene.ts';
import { contentsOf, unwrap } from './steps.ts';

export function receivesWebhooks(around: Around): void {
  let secret: BoundSecret;
  let receiver: WebhookReceiver;
  let url: string;

  beforeEach(async () => {
    secret = new BoundSecret('a-secret_of-the-webhook', [around.scene().credential.apiRoot]);
    receiver = await startWebhookReceiver();
    url = `${receiver.url}/hook`;
  });
  afterEach(() => receiver.close());

  it('carry the secret and can be decoded', async () => {
    const { kind, says } = around.scene();
    const bot = unwrap(await around.channel().describe());
    expect(await around.channel().registerWebhook(url, secret)).toEqual({ kind: 'ok', value: true });
    says('one');
    says('two');
    const textsIn = (calls: readonly ReceivedCall[]) =>
      contentsOf(calls.map(({ rawBody }) => kind.decode(rawBody, bot))).filter(
        (content) => typeof content === 'object' && content !== null && 'text' in content,
      );
    const calls = await receiver.until((soFar) => textsIn(soFar).length >= 2);
    expect(textsIn(calls)).toEqual([
      { kind: 'text', text: 'one' },
      { kind: 'text', text: 'two' },
    ]);
    expect(calls.every(({ headers }) => kind.verify(headers, secret))).toBe(true);
    expect(calls.some(({ headers }) => kind.verify(headers, new BoundSecret('another', [])))).toBe(false);
  });

  it('can be inspected and taken back', async () => {
    const channel = around.channel();
    await channel.registerWebhook(url, secret);
    expect(await channel.webhookStatus()).toMatchObject({ kind: 'ok', value: { url, lastError: null } });
    expect(await channel.poll(null, new AbortController().signal)).toMatchObject({ kind: 'refused', broken: false });
    expect(await channel.removeWebhook()).toEqual({ kind: 'ok', value: true });
    expect(await channel.webhookStatus()).toMatchObject({ kind: 'ok', value: { url: '' } });
  });

  it('cannot be set to an address that the provider refuses', async () => {
    const outcome = await around.channel().registerWebhook('http://host.invalid/hook', secret);
    expect(outcome).toMatchObject({ kind: 'refused', broken: false });
  });
}

import { type BackendCall, startWebhookBackend, type WebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { aSend, type ConnectedBot, connectBot, type Rig, send, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, afterEach, expect } from 'vitest';
import { eventually } from './eventually.ts';

export const webhookPath = '/api/v1/webhook-endpoints';

/** A gateway whose events go to one address, at which every test has its own backend. It ends with the test file. */
export async function startWebhookRig() {
  const backend = await startWebhookBackend();
  afterAll(() => backend.close());
  afterEach(() => backend.answer(204));
  const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url });
  let paths = 0;
  return {
    backend,
    rig,
    /** A bot in a workspace of its own with an endpoint, and what arrived there. */
    connect: (fields: Readonly<Record<string, unknown>> = {}) => connect(rig, backend, `/hooks/${++paths}`, fields),
    async sendTo(bot: ConnectedBot, chatId: string): Promise<number> {
      const sent = await send(rig, bot, aSend(chatId));
      expect(sent.status).toBe(201);
      return sent.body.message_id;
    },
    /** Nothing is queued for the endpoint any more. */
    untilIdle: (endpoint: string) => eventually(async () => expect((await rig.admin(endpoint)).body.waiting).toBe(0)),
    /** All events of a message to this chat can be read. */
    untilReadable: ({ key }: ConnectedBot, chatId: string) =>
      eventually(async () => {
        const { body } = await rig.call('/api/v1/events?types=message.recorded', {
          headers: { authorization: `Bearer ${key}` },
        });
        expect(body.data.map(({ chat_id }: { chat_id: string }) => chat_id)).toContain(chatId);
      }),
  };
}

async function connect(rig: Rig, backend: WebhookBackend, own: string, fields: Readonly<Record<string, unknown>>) {
  const bot = await connectBot(rig, { accepts_any_chat: true });
  const body = { url: backend.url + own, workspace_id: bot.workspaceId, ...fields };
  const made = await rig.admin(webhookPath, { body });
  expect(made.status).toBe(201);
  const calls = () => backend.calls.filter((call) => call.path === own);
  return {
    bot,
    endpoint: `${webhookPath}/${made.body.id}`,
    id: made.body.id as string,
    secret: made.body.secret as string,
    calls,
    async until(enough: (calls: readonly BackendCall[]) => boolean): Promise<readonly BackendCall[]> {
      await backend.until(() => enough(calls()));
      return calls();
    },
  };
}

export const typesOf = (calls: readonly BackendCall[]) => calls.map(({ event }) => event.type);

export const has =
  (type: string, count = 1) =>
  (calls: readonly BackendCall[]) =>
    calls.filter(({ event }) => event.type === type).length >= count;

import { createServer } from 'node:http';

/** Just enough of a Bot API to connect one bot with a webhook, and to learn the webhook's address and secret. */
export interface RecordingTelegram {
  readonly apiRoot: string;
  readonly botToken: string;
  webhook(): { readonly url: string; readonly secret: string };
  stop(): Promise<void>;
}

const botId = 4_200_000_001;

/** The gateways that connect to it are told about it when they start, before it does. */
export const recordingTelegramOrigin = 'http://127.0.0.1:42081';

export async function startRecordingTelegram(): Promise<RecordingTelegram> {
  let webhook: { url: string; secret: string } | null = null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = request.url?.split('/').at(-1);
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, string>;
      if (method === 'setWebhook') webhook = { url: body['url'] ?? '', secret: body['secret_token'] ?? '' };
      const me = {
        id: botId,
        is_bot: true,
        first_name: 'Intake',
        username: 'intake_bot',
        supports_inline_queries: false,
      };
      const answer = JSON.stringify({ ok: true, result: method === 'getMe' ? me : true });
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) =>
    server.listen(Number(new URL(recordingTelegramOrigin).port), '127.0.0.1', resolve),
  );
  return {
    apiRoot: recordingTelegramOrigin,
    botToken: `${botId}:${'benchmark'.repeat(4)}`,
    webhook() {
      if (webhook === null) throw new Error('no webhook was set');
      return webhook;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { createServer } from 'node:http';
import { Pool } from 'undici';

/**
 * The bare minimum: takes the gateway's send request and forwards it to Telegram. No key, no check, no record, no inbox:
 * what any server in this place must at least spend.
 */
const [, , telegramRoot = '', botToken = ''] = process.argv;
const { origin, pathname } = new URL(telegramRoot);
const telegram = new Pool(origin, { connections: 256, pipelining: 1 });

interface Send {
  readonly destination_user_id: string;
  readonly telegram_interactive_message: { readonly text: string; readonly reply_markup: unknown };
}

async function forward(body: string): Promise<string> {
  const send = JSON.parse(body) as Send;
  const { text, reply_markup } = send.telegram_interactive_message;
  const answer = await telegram.request({
    path: `${pathname}/bot${botToken}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: Number(send.destination_user_id), text, reply_markup }),
  });
  const { result } = (await answer.body.json()) as { result: { message_id: number } };
  return JSON.stringify({ channel_message_id: `tg-${result.message_id}` });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    forward(Buffer.concat(chunks).toString()).then(
      (answer) => {
        const length = Buffer.byteLength(answer);
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': length }).end(answer);
      },
      (cause: unknown) => response.writeHead(502).end(String(cause)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
process.once('SIGTERM', () => process.exit(0));

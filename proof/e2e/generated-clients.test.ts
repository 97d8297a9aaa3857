import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ConnectedBot, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const generators = join(root, 'packages/generators');
const tool = (name: string) => join(generators, 'node_modules/.bin', name);
const sharedTool = (name: string) => join(root, 'node_modules/.bin', name);

/** What each program sends and asks: a message, and the message again by its id. Then a request that is refused. */
const prelude = `
const { GATEWAY: baseUrl = '', KEY: key = '', CHAT: chat = '' } = process.env;
const message = {
  destination_user_id: chat,
  telegram_interactive_message: {
    type: 'reply_buttons' as const,
    text: 'Is Monday at ten all right?',
    reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] },
  },
};
const headers = { Authorization: \`Bearer \${key}\` };
const tell = (sent: number, state: string, refused: string) => console.log(JSON.stringify({ sent, state, refused }));
`;

interface Generator {
  readonly name: string;
  readonly generate: (document: string, folder: string) => readonly [string, readonly string[]];
  readonly program: string;
}

const known: readonly Generator[] = [
  {
    name: 'openapi-typescript',
    generate: (document, folder) => [tool('openapi-typescript'), [document, '-o', join(folder, 'client.ts')]],
    program: `
import createClient from 'openapi-fetch';
import type { paths } from './client.js';
${prelude}
const client = createClient<paths>({ baseUrl, headers });
const { data: sent } = await client.POST('/api/v1/telegram/interactive', { body: message });
const message_id = sent?.message_id ?? 0;
const { data: found } = await client.GET('/api/v1/messages/{message_id}', { params: { path: { message_id } } });
const { error } = await client.POST('/api/v1/telegram/interactive', { body: { ...message, destination_user_id: 'x' } });
tell(message_id, found?.state ?? '', error !== undefined && 'error_name' in error ? error.error_name : '');
`,
  },
  {
    name: 'oazapfts',
    generate: (document, folder) => [sharedTool('oazapfts'), [document, join(folder, 'client.ts')]],
    program: `
import { defaults, getMessage, sendTelegramInteractive } from './client.js';
${prelude}
Object.assign(defaults, { baseUrl, headers });
const sent = await sendTelegramInteractive(message);
const message_id = sent.status === 201 ? sent.data.message_id : 0;
const found = await getMessage(message_id);
const refused = await sendTelegramInteractive({ ...message, destination_user_id: 'x' });
tell(message_id, found.status === 200 ? found.data.state : '', refused.status === 400 ? refused.data.error_name : '');
`,
  },
  {
    name: 'openapi-typescript-codegen',
    generate: (document, folder) => [
      sharedTool('openapi'),
      ['--input', document, '--output', join(folder, 'client'), '--client', 'fetch'],
    ],
    program: `
import { ApiError, MessagesService, OpenAPI, TelegramService } from './client/index.js';
${prelude}
Object.assign(OpenAPI, { BASE: baseUrl, HEADERS: headers });
const { message_id } = await TelegramService.sendTelegramInteractive(message);
const found = await MessagesService.getMessage(message_id);
const refused: unknown = await TelegramService.sendTelegramInteractive({ ...message, destination_user_id: 'x' }).catch(
  (error: unknown) => (error instanceof ApiError ? error.body.error_name : ''),
);
tell(message_id, found.state, String(refused));
`,
  },
];

const strict = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'preserve'];

describe('clients that public generators make of openapi.json', () => {
  let folder = '';
  let document = '';
  let rig: Awaited<ReturnType<typeof startRig>>;
  let bot: ConnectedBot;

  beforeAll(async () => {
    rig = await startRig();
    bot = await connectBot(rig);
    folder = mkdtempSync(join(generators, '.try-'));
    document = join(folder, 'openapi.json');
    writeFileSync(document, await (await fetch(`${rig.url}/openapi.json`)).text());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(known)(
    'compile, and send a message: $name',
    async ({ name, generate, program }) => {
      const place = join(folder, name);
      mkdirSync(place);
      const file = join(place, 'program.ts');
      const [command, options] = generate(document, place);
      await run(command, [...options], { cwd: folder });
      writeFileSync(file, program);
      await run(tool('tsc'), [...strict, file], { cwd: folder });
      const customer = newCustomer(rig, bot);
      const env = { PATH: '/usr/bin:/bin', GATEWAY: rig.url, KEY: bot.key, CHAT: customer.chatId };
      const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { cwd: root, env });
      expect(JSON.parse(stdout)).toEqual({
        sent: expect.any(Number),
        state: 'sent',
        refused: 'TYPE_MISMATCH',
      });
      expect(rig.sandbox.telegram.sent(customer.at)).toMatchObject([{ text: 'Is Monday at ten all right?' }]);
    },
    120_000,
  );
});

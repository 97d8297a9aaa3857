import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { adminToken, aSend, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const rig = await startRig();
const folder = mkdtempSync(join(tmpdir(), 'chatferry-cli-'));
beforeAll(buildPrograms, buildLimitMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The command as a person runs it in an empty environment, far from any data folder. */
const chatferry = (args: readonly string[], { env = {}, stdin = '' }: Given = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, out, err }));
    child.stdin.end(stdin);
  });

const asAdmin = { CHATFERRY_URL: rig.url, CHATFERRY_ADMIN_TOKEN: adminToken };
const admin = (...args: string[]) => chatferry(args, { env: asAdmin });
const jsonOf = async (ended: Promise<Ended>) => {
  const { exitCode, out, err } = await ended;
  expect([exitCode, err]).toEqual([0, '']);
  return JSON.parse(out);
};

const fileWith = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const newAccessToken = (): string =>
  rig.sandbox.intercom.createWorkspace({ admins: [{ name: 'Ada', email: 'ada@acme.test' }] }).access_token;

describe('the first steps on the command line', () => {
  it('connect an inbox and a bot, send a message, and show its result', async () => {
    const accessToken = newAccessToken();
    const create = ['workspaces', 'create', '--name', 'Support', '--kind', 'intercom', '--access-token', '-', '--json'];
    const workspace = await jsonOf(chatferry(create, { env: asAdmin, stdin: `${accessToken}\n` }));
    expect(workspace).toMatchObject({ name: 'Support', inbox: { kind: 'intercom' }, state: 'active' });

    const bot = rig.sandbox.telegram.createBot({});
    const tokenFile = fileWith('bot-token', `${bot.token}\n`);
    const channel = await admin('channels', 'create', '--workspace', workspace.id, '--bot-token-file', tokenFile);
    expect(channel).toMatchObject({ exitCode: 0, err: '' });
    expect(channel.out).not.toContain(bot.token);
    expect(channel.out).toContain(`curl ${rig.url}/api/v1/telegram/interactive`);
    const key = /^ {2}(cf_live_\S+)$/m.exec(channel.out)?.[1] ?? '';
    expect(channel.out.split(key), 'the key is in a command that histories and ps would show').toHaveLength(2);
    expect(channel.out).toContain('"Authorization: Bearer $CHATFERRY_KEY"');
    const body = /-d '(.*)'/.exec(channel.out)?.[1] ?? '';

    const chat = rig.sandbox.telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } });
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: key };
    // The body of the printed curl, sent by the command.
    const sent = await jsonOf(chatferry(['send', '--to', String(chat.chat_id), '--json'], { env, stdin: body }));
    const shown = await chatferry(['messages', 'show', String(sent.message_id)], { env });
    expect(shown.out).toMatch(/^state +sent$/m);
    expect(shown.out).toContain(sent.channel_message_id);
    const list = await chatferry(['messages', 'list', '--chat', String(chat.chat_id)], { env });
    expect(list.out.split('\n')[0]).toMatch(/^MESSAGE +CREATED +DIRECTION +STATE +CHAT/);
    expect(list.out).toMatch(new RegExp(`^${sent.message_id} .* outbound +sent`, 'm'));
  });

  it('use the token from the data folder of a gateway on this machine', async () => {
    fileWith('admin-token', `${adminToken}\n`);
    const env = { CHATFERRY_URL: rig.url };
    expect(await chatferry(['workspaces', 'list', '--data-dir', '.'], { env })).toMatchObject({ exitCode: 0 });
    const elsewhere = await chatferry(['workspaces', 'list'], { env });
    expect(elsewhere.exitCode).toBe(2);
    expect(elsewhere.err).toContain('There is no data/admin-token');
  });
});

describe('administration', () => {
  it('sets the conversation rules, shows them as they are typed, and lists the teams when a team does not exist', async () => {
    const { workspaceId, intercomId } = await connectBot(rig);
    const [team] = rig.sandbox.intercom.listTeams(intercomId);
    const rules = ['--new-conversation', 'closed:1d', '--assign-new-to', `team:${team?.id}`, '--tag', 'none'];
    const changed = await admin('workspaces', 'update', workspaceId, ...rules);
    expect([changed.exitCode, changed.err]).toEqual([0, '']);
    expect(changed.out).toMatch(/^new conversation +closed:1d$/m);
    expect(changed.out).toMatch(new RegExp(`^assign new to +team:${team?.id}$`, 'm'));
    expect(changed.out).toMatch(/^tag +none$/m);
    const refused = await admin('workspaces', 'update', workspaceId, '--assign-new-to', 'team:4711');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.err).toContain(`${team?.id} (Support)`);
  });

  it('lists, shows, changes and deletes workspaces and channels', async () => {
    const bot = await connectBot(rig);
    expect(await jsonOf(admin('workspaces', 'show', bot.workspaceId, '--json'))).toEqual(
      (await rig.admin(`/api/v1/workspaces/${bot.workspaceId}`)).body,
    );
    expect((await admin('channels', 'list', '--workspace', bot.workspaceId)).out).toContain(bot.channelId);
    const renamed = await admin('channels', 'update', bot.channelId, '--name', 'Shop', '--interactive', 'off');
    expect(renamed.out).toMatch(/^name +Shop$/m);
    expect(renamed.out).toMatch(/^interactive sending +off$/m);
    const updated = await jsonOf(admin('workspaces', 'update', bot.workspaceId, '--state', 'disabled', '--json'));
    expect(updated.state).toBe('disabled');
    const refusal = await admin('workspaces', 'delete', bot.workspaceId);
    expect(refusal).toMatchObject({ exitCode: 2, out: '' });
    expect(refusal.err).toContain('--yes');
    expect(await admin('workspaces', 'delete', bot.workspaceId, '--yes')).toMatchObject({
      exitCode: 0,
      out: `Deleted ${bot.workspaceId}.\n`,
    });
    expect((await rig.admin(`/api/v1/channels/${bot.channelId}`)).status).toBe(404);
  });

  it('makes, imports, rotates, revokes and deletes keys, and shows each once', async () => {
    const bot = await connectBot(rig);
    const made = await jsonOf(admin('keys', 'create', '--workspace', bot.workspaceId, '--name', 'Backend', '--json'));
    const shown = await admin('keys', 'show', made.id);
    expect(shown.out).toMatch(/^name +Backend$/m);
    expect(shown.out).not.toContain(made.secret);

    const secretFile = fileWith('old-key', 'key-of-the-old-system');
    const imported = await admin('keys', 'create', '--channel', bot.channelId, '--secret-file', secretFile);
    expect(imported.out).not.toContain('key-of-the-old-system');
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: 'key-of-the-old-system' };
    expect(await chatferry(['messages', 'list'], { env })).toMatchObject({ exitCode: 0 });

    const rotated = await jsonOf(admin('keys', 'rotate', made.id, '--overlap-seconds', '0', '--json'));
    expect(rotated.secret).not.toBe(made.secret);
    expect((await admin('keys', 'revoke', rotated.id)).out).toMatch(/^state +revoked$/m);
    expect(await admin('keys', 'delete', rotated.id, '--yes', '--json')).toEqual({ exitCode: 0, out: '', err: '' });
    const list = await admin('keys', 'list', '--workspace', bot.workspaceId);
    expect(list.out).toContain(bot.keyId);
    expect(list.out).not.toContain(rotated.id);
  });

  it('checks every leg of a channel, and exits with 1 when one is broken', async () => {
    const bot = await connectBot(rig);
    expect((await admin('channels', 'check', bot.channelId)).out).toMatch(/^ok +telegram/m);
    rig.sandbox.telegram.changeBot(bot.botId, { revoked: true });
    const broken = await admin('channels', 'check', bot.channelId);
    expect(broken.exitCode).toBe(1);
    expect(broken.out).toMatch(/^FAILED +telegram/m);
  });

  it('reports that the gateway is ready', async () => {
    const env = { CHATFERRY_URL: rig.url };
    expect(await chatferry(['health'], { env })).toMatchObject({
      exitCode: 0,
      out: `The gateway at ${rig.url} runs and is ready.\n`,
    });
  });
});

describe('people', () => {
  const password = 'four words not in songs';
  const claim = ['people', 'claim', '--email', 'ada@acme.test', '--name', 'Ada', '--password', '-'];
  const atGateway = { env: { CHATFERRY_URL: rig.url }, stdin: `${password}\n` };

  it('begin with the first owner, whose token is in the data folder as long as there is no account', async () => {
    const elsewhere = await chatferry(claim, atGateway);
    expect([elsewhere.exitCode, elsewhere.err]).toEqual([2, expect.stringContaining('data/claim-token')]);
    const claimed = await jsonOf(chatferry([...claim, '--data-dir', rig.dataDir, '--json'], atGateway));
    expect(claimed).toMatchObject({ email: 'ada@acme.test', name: 'Ada', role: 'owner' });
    const again = await chatferry([...claim, '--data-dir', rig.dataDir], atGateway);
    expect([again.exitCode, again.err]).toEqual([2, expect.stringContaining('chatferry people invite')]);
  });

  it('who cannot sign in any more are invited again', async () => {
    const invited = await jsonOf(admin('people', 'invite', '--email', 'ben@acme.test', '--role', 'member', '--json'));
    const again = await admin('people', 'invite-again', invited.id);
    expect([again.exitCode, again.out]).toEqual([0, expect.stringMatching(/cfi_[A-Za-z0-9_-]{43}/)]);
  });
});

describe('a message', () => {
  it('is accepted as the whole request and as the message alone', async () => {
    const bot = await connectBot(rig);
    const { chatId } = newCustomer(rig, bot);
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: bot.key };
    const whole = fileWith('whole.json', JSON.stringify(aSend(chatId)));
    const alone = fileWith('alone.json', JSON.stringify(aSend(chatId).telegram_interactive_message));
    expect(await chatferry(['send', '--file', whole], { env })).toMatchObject({ exitCode: 0 });
    expect(await chatferry(['send', '--file', alone, '--to', chatId], { env })).toMatchObject({ exitCode: 0 });
  });

  it('is validated without being sent', async () => {
    const bot = await connectBot(rig);
    const { chatId } = newCustomer(rig, bot);
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: bot.key };
    const good = await chatferry(['validate'], { env, stdin: JSON.stringify(aSend(chatId)) });
    expect(good).toMatchObject({ exitCode: 0, out: 'The message is valid.\n' });
    const bad = await chatferry(['validate'], { env, stdin: JSON.stringify({ ...aSend(chatId), typo: 1 }) });
    expect(bad.exitCode).toBe(1);
    expect(bad.out).toContain('  /typo: ');
  });

  it('is refused with the error message, every problem and the request id', async () => {
    const bot = await connectBot(rig);
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: bot.key };
    const wrong = JSON.stringify({ type: 'dropdown', text: 'x'.repeat(5000) });
    const refused = await chatferry(['send', '--to', '-100'], { env, stdin: wrong });
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toMatch(/^Refused: You must supply/);
    expect(refused.err).toContain('/telegram_interactive_message/type');
    expect(refused.err).toMatch(/error \d+ [A-Z_]+, HTTP 400, request_id [0-9a-f-]{36}/);
    const json = await chatferry(['send', '--to', '-100', '--json'], { env, stdin: wrong });
    expect(JSON.parse(json.err)).toMatchObject({ request_id: expect.any(String), details: expect.any(Array) });
  });

  it('that Telegram refuses shows Telegram’s error', async () => {
    const bot = await connectBot(rig);
    const { chatId, at } = newCustomer(rig, bot);
    rig.sandbox.telegram.block(at);
    const env = { CHATFERRY_URL: rig.url, CHATFERRY_KEY: bot.key };
    const refused = await chatferry(['send'], { env, stdin: JSON.stringify(aSend(chatId)) });
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain('Telegram said: 403');
  });
});

describe('a command that fails', () => {
  it('exits with 2 for a wrong option', async () => {
    const ended = await admin('keys', 'list', '--region', 'eu');
    expect([ended.exitCode, ended.out]).toEqual([2, '']);
    expect(ended.err).toContain('no option --region');
  });

  it('exits with 3 when no gateway answers, and shows how to start one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const ended = await chatferry(['health', '--url', `http://127.0.0.1:${port}`]);
    expect([ended.exitCode, ended.out]).toEqual([3, '']);
    expect(ended.err).toContain(`No gateway answers at http://127.0.0.1:${port}`);
    expect(ended.err).toContain('npm start');
  });

  it('exits with 1 for a wrong token, which it does not print', async () => {
    const wrong = 'wrong-token-of-someone';
    const ended = await chatferry(['keys', 'list', '--admin-token', wrong], { env: { CHATFERRY_URL: rig.url } });
    expect(ended.exitCode).toBe(1);
    expect(ended.err).toContain('UNAUTHORIZED');
    expect(ended.err).toContain('--admin-token');
    expect(ended.err).not.toContain(wrong);
  });
});

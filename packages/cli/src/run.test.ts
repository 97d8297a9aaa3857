import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { commonOptions, readCommandLine } from './read-command-line.ts';
import { answering, chatferry } from './testing/run-chatferry.ts';

const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('what a gateway answers', () => {
  // Escape sequences, a bell, a C1 control, a change of direction, a character without width, and a tag.
  const hostile = 'a\u001b]0;x\u0007\u009b2J\u202egnp.exe\u200b\u2066\u{e0041}\rb';
  const shown = 'a\\u001b]0;x\\u0007\\u009b2J\\u202egnp.exe\\u200b\\u2066\\udb40\\udc41';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be printed.
  const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]|\u{e0041}/u;

  const refusal = {
    request_id: '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a',
    error_code: 4,
    error_name: 'TYPE_MISMATCH',
    error: hostile,
    details: [{ pointer: `/${hostile}`, message: hostile }],
    telegram: { error_code: 400, description: `${hostile}\nRefused: nothing` },
  };
  const conversation_rules = { new_conversation: null, assign_new_to: null, assign_to_sender: false };
  const inbox = { kind: 'intercom', settings: {} };
  const created_at = '2026-01-01T00:00:00.000Z';
  const workspace = { id: 'wsp_1', name: hostile, inbox, conversation_rules, created_at };
  const page = { data: [workspace], next_cursor: null };

  it.each([
    ['a refusal', 400, refusal, []],
    ['a refusal as JSON', 400, refusal, ['--json']],
    ['a page', 200, page, []],
    ['a page as JSON', 200, page, ['--json']],
  ])('is harmless to the terminal in %s', async (_what, status, body, options) => {
    const { out, err } = await chatferry(['workspaces', 'list', ...options], { env: await answering(status, body) });
    expect(out + err).toContain(shown);
    expect(out + err).not.toMatch(obeyed);
    if (options.length > 0)
      expect(JSON.stringify(JSON.parse(out + err))).toContain(JSON.stringify(hostile).slice(1, -1));
    expect((out + err).split('\n')).not.toContain('Refused: nothing');
  });
});

describe('help', () => {
  it.each(commands.map(({ name }) => name))(
    'for “%s” lists every option and has an example that parses',
    async (name) => {
      const found = commands.find((one) => one.name === name);
      const help = await chatferry([...name.split(' '), '--help']);
      expect(help).toMatchObject({ exitCode: 0, err: '' });
      for (const option of Object.keys({ ...found?.options, ...commonOptions }))
        expect(help.out).toContain(`--${option}`);
      expect(found?.examples.length).toBeGreaterThan(0);
      for (const example of found?.examples ?? []) {
        const words = example.replace(/ < .*/, '').split(' ');
        expect(readCommandLine(words, commands)).toMatchObject({ kind: 'run', command: { name } });
      }
    },
  );

  it('lists every command, all together and for each noun', async () => {
    const whole = await chatferry([]);
    expect(whole.exitCode).toBe(0);
    for (const { name } of commands) expect(whole.out).toContain(name);
    expect((await chatferry(['keys', '--help'])).out).toContain('keys rotate KEY');
    expect((await chatferry(['--help'])).out).toBe(whole.out);
    expect((await chatferry(['help', 'send'])).out).toBe((await chatferry(['send', '-h'])).out);
  });

  it('for an unknown noun is a usage error', async () => {
    expect(await chatferry(['kyes', '--help'])).toMatchObject({ exitCode: 2, out: '' });
  });
});

describe('an option name', () => {
  it('of a command is none of every command: the address of a webhook endpoint was taken for the gateway', () => {
    for (const { name, options } of commands)
      for (const option of Object.keys(options))
        expect(commonOptions, `${name} --${option}`).not.toHaveProperty(option);
  });

  it('takes a value in all commands or in none, because arguments are scanned before the command is known', () => {
    const kinds = new Map<string, string>();
    for (const { options } of [{ options: commonOptions }, ...commands]) {
      for (const [name, { kind }] of Object.entries(options)) {
        const takesValue = kind === 'flag' ? 'flag' : 'value';
        expect(`${name} ${kinds.get(name) ?? takesValue}`).toBe(`${name} ${takesValue}`);
        kinds.set(name, takesValue);
      }
    }
    expect(kinds.size).toBeGreaterThan(30);
  });
});

describe('a wrong command line', () => {
  const create = ['workspaces', 'create', '--name', 'n', '--kind'];
  it.each([
    ['an unknown command', ['frobnicate'], 'There is no command “frobnicate”', 'chatferry --help'],
    ['a noun without a verb', ['keys'], 'keys needs a verb', 'chatferry keys --help'],
    ['an unknown verb', ['keys', 'burn'], 'there are: keys create', 'chatferry keys --help'],
    ['an unknown option', ['keys', 'list', '--colour', 'red'], 'no option --colour', 'chatferry keys list --help'],
    ['a name that every object has', ['keys', 'list', '--constructor', 'x'], 'no option --constructor', ''],
    ['an option of another command', ['keys', 'list', '--region', 'eu'], 'no option --region', 'keys list --help'],
    [
      'an option that is given twice',
      ['keys', 'list', '--state', 'live', '--state=live'],
      '--state is given twice',
      '',
    ],
    ['a missing value', ['keys', 'list', '--state', '--limit=3'], '--state needs a value', 'keys list --help'],
    ['a missing value at the end', ['keys', 'list', '--state'], '--state needs a value', 'keys list --help'],
    ['an empty value', ['keys', 'list', '--channel', ''], '--channel is empty', ''],
    ['a value for a flag', ['keys', 'delete', 'key_1', '--yes=no'], '--yes does not take a value', ''],
    [
      'a value that is not one of the choices',
      ['keys', 'list', '--state', 'dead'],
      '--state must be one of live',
      'live',
    ],
    ['a number with letters', ['keys', 'list', '--limit', 'all'], '--limit must be a whole number', '--limit 10'],
    ['a missing option', ['channels', 'create'], '--workspace is missing', 'chatferry channels create'],
    ['a missing argument', ['keys', 'show'], 'keys show needs key', 'chatferry keys show key_'],
    ['an extra word', ['keys', 'list', 'all'], '“all”', 'keys list --help'],
    ['a missing secret', ['channels', 'create', '--workspace', 'w'], '--bot-token is missing', '--bot-token-file'],
    [
      'a secret given twice',
      [...create, 'intercom', '--access-token', 'a', '--access-token-file', 'f'],
      'Give either --access-token or --access-token-file',
      '',
    ],
    [
      'two secrets from standard input',
      [...create, 'hubspot', '--client-secret', '-', '--refresh-token', '-'],
      'Only one',
      '',
    ],
    [
      'a file that does not exist',
      ['send', '--file', 'none.json', '--key', 'k'],
      'none.json cannot be read (ENOENT)',
      '',
    ],
    ['an empty message', ['send', '--key', 'k'], 'There is no message', 'chatferry send'],
    ['an option for the other inbox', [...create, 'intercom', '--app-id', '1'], '--app-id does not belong to', ''],
    ['a secret for the other inbox', [...create, 'hubspot', '--access-token', 'a'], '--access-token does not', ''],
    ['settings of an inbox without its kind', ['workspaces', 'update', 'w', '--region', 'eu'], 'needs --kind', ''],
    ['nothing to change', ['channels', 'update', 'chn_1'], 'nothing to change', '--state disabled'],
    ['two owners', ['keys', 'create', '--channel', 'c', '--workspace', 'w'], 'either --channel or', 'keys create'],
    ['half a limit', ['keys', 'create', '--channel', 'c', '--burst', '3'], '--per-second and --burst', '--burst 100'],
    [
      'a message id that is not a number',
      ['messages', 'show', 'tg-1'],
      '“tg-1” is not a number',
      'messages show 7382914',
    ],
    ['an invalid address', ['health', '--url', 'localhost'], '--url', 'http://127.0.0.1:8080'],
    ['a deletion without a confirmation', ['keys', 'delete', 'key_1'], '--yes', ''],
    ['a missing key', ['messages', 'list'], 'CHATFERRY_KEY', ''],
    ['a missing admin token', ['keys', 'list'], 'data/admin-token', '--admin-token-file'],
  ])('exits with 2 and names the problem: %s', async (_, args, complaint, example) => {
    const ended = await chatferry(args);
    expect([ended.exitCode, ended.out, ended.asked]).toEqual([2, '', []]);
    expect(ended.err).toContain(complaint);
    expect(ended.err).toContain(example);
  });

  it.each([
    ['refuses the connection', closedPort, 'the connection was refused. Nothing was sent'],
    [
      'has a blocked port',
      async () => 9,
      'this port is blocked because it belongs to another service. Nothing was sent',
    ],
  ])('exits with 3 and reports that nothing was sent when the address %s', async (_, portOf, complaint) => {
    const env = { CHATFERRY_URL: `http://127.0.0.1:${await portOf()}` };
    const ended = await chatferry(['keys', 'list', '--admin-token', 't'], { env });
    expect(ended).toMatchObject({ exitCode: 3, out: '' });
    expect(ended.err).toContain(complaint);
    expect(ended.err).not.toContain('may have been');
  });

  it('is reported as a JSON object with --json', async () => {
    const { err } = await chatferry(['keys', 'list', '--limit', 'all', '--json']);
    expect(JSON.parse(err)).toEqual({ error: expect.stringContaining('--limit') });
  });
});

describe('a secret', () => {
  const create = ['channels', 'create', '--workspace', 'wsp_1', '--admin-token', 'operator'];
  const token = '123456:secret-of-the-bot';
  // Nothing listens at port 9. Exit code 3 shows that the command read all its secrets and called the gateway.
  const reached = { exitCode: 3, out: '' };

  it.each([
    ['as a value', ['--bot-token', token], {}],
    ['on standard input', ['--bot-token', '-'], { stdin: `${token}\n` }],
    ['in a file', ['--bot-token-file', 'f'], { files: { f: `${token}\n` } }],
  ])('is accepted %s and never printed', async (_, args, setting) => {
    const ended = await chatferry([...create, ...args], setting);
    expect(ended).toMatchObject(reached);
    expect(ended.err).not.toContain('secret-of');
  });

  it('is asked for without echo if there is a person', async () => {
    const ended = await chatferry(create, { answers: [token] });
    expect(ended).toMatchObject({ ...reached, asked: ['hidden: bot token (not shown): '] });
  });

  it('must not be empty', async () => {
    expect(await chatferry(create, { answers: [''] })).toMatchObject({ exitCode: 2 });
    expect(await chatferry([...create, '--bot-token-file', 'f'], { files: { f: '\n' } })).toMatchObject({
      exitCode: 2,
    });
  });

  it('for the gateway is read from the option, the environment or the data folder', async () => {
    const list = ['keys', 'list'];
    expect(await chatferry(list, { env: { CHATFERRY_ADMIN_TOKEN: 't' } })).toMatchObject(reached);
    const inFile = { env: { CHATFERRY_ADMIN_TOKEN_FILE: 'f' }, files: { f: 't' } };
    expect(await chatferry(list, inFile)).toMatchObject(reached);
    expect(await chatferry(list, { files: { 'data/admin-token': 't' } })).toMatchObject(reached);
    const elsewhere = { env: { CHATFERRY_DATA_DIR: '/var/lib/x' }, files: { '/var/lib/x/admin-token': 't' } };
    expect(await chatferry(list, elsewhere)).toMatchObject(reached);
    expect(await chatferry(list, { answers: ['t'] })).toMatchObject({
      ...reached,
      asked: ['hidden: Admin token (not shown): '],
    });
  });
});

describe('the token for the first owner', () => {
  const claim = ['people', 'claim', '--email', 'ada@acme.test', '--password', '-'];

  it.each([
    ['the data folder', claim, { 'data/claim-token': 'cfi_1' }],
    ['the data folder that was given', [...claim, '--data-dir', '/var/lib/x'], { '/var/lib/x/claim-token': 'cfi_1' }],
    ['a file that was given', [...claim, '--token-file', 'f'], { f: 'cfi_1' }],
  ])('is read from %s', async (_, args, files) => {
    const ended = await chatferry(args, { files, stdin: 'four words not in songs' });
    expect(ended).toMatchObject({ exitCode: 3, out: '' });
    expect(ended.err).not.toContain('cfi_1');
  });

  it('is looked for before the person is asked for a password', async () => {
    const ended = await chatferry(claim.slice(0, -2), { answers: ['four words not in songs'] });
    expect([ended.exitCode, ended.asked]).toEqual([2, []]);
    expect(ended.err).toContain('data/claim-token');
  });
});

describe('a deletion', () => {
  const remove = ['keys', 'delete', 'key_1', '--admin-token', 'operator'];

  it('happens only after the answer yes', async () => {
    expect(await chatferry(remove, { answers: ['YES'] })).toMatchObject({ exitCode: 3 });
    const declined = await chatferry(remove, { answers: ['y'] });
    expect(declined).toMatchObject({ exitCode: 1, err: 'Nothing was done.\n' });
    expect(declined.asked).toEqual(['shown: Delete the key key_1? Type yes to continue: ']);
  });

  it('needs no confirmation with --yes', async () => {
    expect(await chatferry([...remove, '--yes'], { answers: [] })).toMatchObject({ exitCode: 3, asked: [] });
  });
});

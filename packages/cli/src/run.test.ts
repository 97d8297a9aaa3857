import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { everyOption, readCommandLine } from './read-command-line.ts';
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What the person answers, one after the other; absent where there is none. */
  readonly answers?: readonly string[];
}

const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** A run whose terminal is text. No gateway listens where it points. */
const chatferry = async (args: readonly string[], { env = {}, files = {}, stdin = '', answers }: Setting = {}) => {
  const seen = { out: '', err: '', asked: [] as string[] };
  const replies = [...(answers ?? [])];
  const terminal: Terminal = {
    isInteractive: answers !== undefined,
    isKeyboard: answers !== undefined,
    print(text) {
      seen.out += text;
    },
    warn(text) {
      seen.err += text;
    },
    ask(question, { isHidden }) {
      seen.asked.push(`${isHidden ? 'hidden' : 'shown'}: ${question}`);
      return Promise.resolve(replies.shift() ?? '');
    },
    readStdin: () => Promise.resolve(stdin),
    readFile(path) {
      const text = files[path];
      return text === undefined
        ? Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
  };
  const given = { CHATFERRY_URL: 'http://127.0.0.1:9', ...env };
  const exitCode = await run(args, { commands, env: given, terminal });
  return { ...seen, exitCode };
};

describe('the help', () => {
  it.each(commands.map(({ name }) => name))(
    'of %s names every option and has an example that can be typed',
    async (name) => {
      const found = commands.find((one) => one.name === name);
      const help = await chatferry([...name.split(' '), '--help']);
      expect(help).toMatchObject({ exitCode: 0, err: '' });
      for (const option of Object.keys({ ...found?.options, ...everyOption }))
        expect(help.out).toContain(`--${option}`);
      expect(found?.examples.length).toBeGreaterThan(0);
      for (const example of found?.examples ?? []) {
        const words = example.replace(/ < .*/, '').split(' ');
        expect(readCommandLine(words, commands)).toMatchObject({ kind: 'run', command: { name } });
      }
    },
  );

  it('lists every command, alone and by noun', async () => {
    const whole = await chatferry([]);
    expect(whole.exitCode).toBe(0);
    for (const { name } of commands) expect(whole.out).toContain(name);
    expect((await chatferry(['keys', '--help'])).out).toContain('keys rotate KEY');
    expect((await chatferry(['--help'])).out).toBe(whole.out);
    expect((await chatferry(['help', 'send'])).out).toBe((await chatferry(['send', '-h'])).out);
  });

  it('is the only thing that a mistyped noun gets', async () => {
    expect(await chatferry(['kyes', '--help'])).toMatchObject({ exitCode: 2, out: '' });
  });
});

describe('the options', () => {
  it('mean the same in every command, as the command line is split by all of them', () => {
    const kinds = new Map<string, string>();
    for (const { options } of [{ options: everyOption }, ...commands]) {
      for (const [name, { kind }] of Object.entries(options)) {
        const takesValue = kind === 'flag' ? 'flag' : 'value';
        expect(`${name} ${kinds.get(name) ?? takesValue}`).toBe(`${name} ${takesValue}`);
        kinds.set(name, takesValue);
      }
    }
    expect(kinds.size).toBeGreaterThan(30);
  });
});

describe('a command line that cannot be carried out', () => {
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
    ['a value for a flag', ['keys', 'delete', 'key_1', '--yes=no'], '--yes takes no value', ''],
    ['a value that is none of the choices', ['keys', 'list', '--state', 'dead'], '--state must be one of live', 'live'],
    ['a number that is none', ['keys', 'list', '--limit', 'all'], '--limit must be a whole number', '--limit 10'],
    ['a missing option', ['channels', 'create'], '--workspace is missing', 'chatferry channels create'],
    ['a missing argument', ['keys', 'show'], 'keys show needs key', 'chatferry keys show key_'],
    ['a surplus word', ['keys', 'list', 'all'], '“all”', 'keys list --help'],
    ['a missing secret', ['channels', 'create', '--workspace', 'w'], '--bot-token is missing', '--bot-token-file'],
    [
      'a secret given twice',
      [...create, 'intercom', '--access-token', 'a', '--access-token-file', 'f'],
      'both given',
      '',
    ],
    [
      'two secrets on one input',
      [...create, 'hubspot', '--client-secret', '-', '--refresh-token', '-'],
      'Only one',
      '',
    ],
    [
      'a file that is not there',
      ['send', '--file', 'none.json', '--key', 'k'],
      'none.json cannot be read (ENOENT)',
      '',
    ],
    ['an empty message', ['send', '--key', 'k'], 'There is no message', 'chatferry send'],
    ['an option for the other inbox', [...create, 'intercom', '--app-id', '1'], '--app-id does not belong to', ''],
    ['a secret for the other inbox', [...create, 'hubspot', '--access-token', 'a'], '--access-token does not', ''],
    ['settings of an inbox without its kind', ['workspaces', 'update', 'w', '--region', 'eu'], 'needs --kind', ''],
    ['nothing to change', ['channels', 'update', 'chn_1'], 'nothing to change', '--state disabled'],
    [
      'an owner too many',
      ['keys', 'create', '--channel', 'c', '--workspace', 'w'],
      'either --channel or',
      'keys create',
    ],
    ['half a limit', ['keys', 'create', '--channel', 'c', '--burst', '3'], '--per-second and --burst', '--burst 100'],
    ['a message that has no number', ['messages', 'show', 'tg-1'], '“tg-1” is none', 'messages show 7382914'],
    ['an address that is none', ['health', '--url', 'localhost'], '--url', 'http://127.0.0.1:8080'],
    ['a deletion that nobody agreed to', ['keys', 'delete', 'key_1'], '--yes', ''],
    ['a missing key', ['messages', 'list'], 'CHATFERRY_KEY', ''],
    ['a missing admin token', ['keys', 'list'], 'data/admin-token', '--admin-token-file'],
  ])('ends with 2 for %s, and says so', async (_, args, complaint, example) => {
    const ended = await chatferry(args);
    expect([ended.exitCode, ended.out, ended.asked]).toEqual([2, '', []]);
    expect(ended.err).toContain(complaint);
    expect(ended.err).toContain(example);
  });

  it.each([
    ['refuses the connection', closedPort, 'the connection was refused, and nothing was sent'],
    ['is no port for this', async () => 9, 'is not called; nothing was sent'],
  ])('ends with 3 where the address %s, and says that nothing happened', async (_, portOf, complaint) => {
    const env = { CHATFERRY_URL: `http://127.0.0.1:${await portOf()}` };
    const ended = await chatferry(['keys', 'list', '--admin-token', 't'], { env });
    expect(ended).toMatchObject({ exitCode: 3, out: '' });
    expect(ended.err).toContain(complaint);
    expect(ended.err).not.toContain('may have been');
  });

  it('is an object for --json', async () => {
    const { err } = await chatferry(['keys', 'list', '--limit', 'all', '--json']);
    expect(JSON.parse(err)).toEqual({ error: expect.stringContaining('--limit') });
  });
});

describe('a secret', () => {
  const create = ['channels', 'create', '--workspace', 'wsp_1', '--admin-token', 'operator'];
  const token = '123456:secret-of-the-bot';
  // Nothing can listen there: whoever gets to the gateway has all secrets.
  const reached = { exitCode: 3, out: '' };

  it.each([
    ['as a value', ['--bot-token', token], {}],
    ['on standard input', ['--bot-token', '-'], { stdin: `${token}\n` }],
    ['in a file', ['--bot-token-file', 'f'], { files: { f: `${token}\n` } }],
  ])('is taken %s and never shown', async (_, args, setting) => {
    const ended = await chatferry([...create, ...args], setting);
    expect(ended).toMatchObject(reached);
    expect(ended.err).not.toContain('secret-of');
  });

  it('is asked for without echo where a person is there', async () => {
    const ended = await chatferry(create, { answers: [token] });
    expect(ended).toMatchObject({ ...reached, asked: ['hidden: bot token (not shown): '] });
  });

  it('is not taken as nothing', async () => {
    expect(await chatferry(create, { answers: [''] })).toMatchObject({ exitCode: 2 });
    expect(await chatferry([...create, '--bot-token-file', 'f'], { files: { f: '\n' } })).toMatchObject({
      exitCode: 2,
    });
  });

  it('of the gateway is looked for in the option, the environment and the data folder', async () => {
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

describe('a deletion', () => {
  const remove = ['keys', 'delete', 'key_1', '--admin-token', 'operator'];

  it('is done for yes only', async () => {
    expect(await chatferry(remove, { answers: ['YES'] })).toMatchObject({ exitCode: 3 });
    const declined = await chatferry(remove, { answers: ['y'] });
    expect(declined).toMatchObject({ exitCode: 1, err: 'Nothing was done.\n' });
    expect(declined.asked).toEqual(['shown: Delete the key key_1? Type yes to go on: ']);
  });

  it('is not asked about with --yes', async () => {
    expect(await chatferry([...remove, '--yes'], { answers: [] })).toMatchObject({ exitCode: 3, asked: [] });
  });
});

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from './operations.gen.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sdk = join(root, 'packages/sdk');
const run = promisify(execFile);

/** The compilers: the oldest one that is supported, and the one of this repository. */
const compilers = {
  'TypeScript 4.9': join(sdk, 'node_modules/typescript/bin/tsc'),
  'TypeScript 7': join(root, 'node_modules/typescript/bin/tsc'),
} as const;

/** An empty project into which the packed package is installed, without any registry. */
let project = '';

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
};

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'chatferry-sdk-'));
  await run('node', [compilers['TypeScript 7'], '-b', sdk, join(sdk, 'tsconfig.cjs.json')]);
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project], { cwd: sdk });
  write('package.json', '{"name":"app","private":true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${stdout.trim()}`], { cwd: project });
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const readInstalled = (path: string) => readFileSync(join(project, 'node_modules/@chatferry/sdk', path), 'utf8');

/** Compiles files of the project and returns what the compiler says, by file. */
const compile = async (
  compiler: keyof typeof compilers,
  options: readonly string[],
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const strict = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  const { stdout } = await run('node', [compilers[compiler], ...strict, ...options, ...files], { cwd: project }).catch(
    (failure: { readonly stdout: string }) => failure,
  );
  const said = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, file = 'no file'] = /^(\S+?)\(\d+,\d+\): error/.exec(line) ?? [];
    if (line.includes('error TS')) said.set(file, line);
  }
  return said;
};

const resolutions = [
  ['TypeScript 4.9', 'node10', ['--module', 'commonjs', '--moduleResolution', 'node'], ['ts']],
  ['TypeScript 4.9', 'node16', ['--module', 'node16', '--moduleResolution', 'node16'], ['mts', 'cts']],
  ['TypeScript 7', 'nodenext', ['--module', 'nodenext', '--moduleResolution', 'nodenext'], ['mts', 'cts']],
  ['TypeScript 7', 'bundler', ['--module', 'esnext', '--moduleResolution', 'bundler'], ['ts']],
] as const;

const program = `
import { ApiError, Chatferry, channels, connect, type MessagePage, RateLimitError, webhooks } from '@chatferry/sdk';

export async function use(): Promise<void> {
  const cf = new Chatferry({ key: 'cf_live_x', baseUrl: 'https://chat.example.com' });
  try {
    const { data, requestId } = await cf.messages.get(7).withResponse();
    const state: string = data.state;
    const id: string | undefined = requestId;
    for await (const message of cf.messages.list({ state: 'failed' })) use2(message.id + 1, state, id);
    const page: MessagePage = await cf.messages.list().page();
    await cf.request('getMessage', { message_id: page.data.length });
    const some = connect({}, { channels });
    const name: string = (await some.channels.get('chn_1')).name;
    const type: string = (await webhooks.verify('', new Headers(), name)).type;
    await cf.webhooks.verify(new Uint8Array(), { 'webhook-id': type }, ['a', 'b']);
  } catch (error) {
    if (error instanceof RateLimitError) use2(error.retryAfterMs);
    if (error instanceof ApiError && error.name === 'NOT_FOUND') use2(error.details[0]?.pointer);
  }
}
declare function use2(...values: unknown[]): void;
`;

/** Mistakes that must not compile: each is the body of a call. */
const mistakes: Readonly<Record<string, string>> = {
  'a button with two actions': "sendButton({ text: 'Yes', callback_data: 'yes', url: 'https://example.com' })",
  'a button without an action': "sendButton({ text: 'Yes' })",
  'a button without a label': "sendButton({ callback_data: 'yes' })",
  'a button with an unknown field': "sendButton({ text: 'Yes', callback_data: 'yes', colour: 'red' })",
  'a button with an action of the wrong type': "sendButton({ text: 'Yes', web_app: 'https://example.com' })",
  'an unknown state': "cf.messages.list({ state: 'lost' })",
  'a call without its fields': 'cf.telegram.sendInteractive()',
  'an unknown operation': "cf.request('getNothing')",
  'a field of another operation': "cf.request('getMessage', { message_id: 1, name: 'x' })",
};

const scene = `
import { Chatferry, type InlineButton } from '@chatferry/sdk';
declare const cf: Chatferry;
const sendButton = (button: InlineButton) =>
  cf.telegram.sendInteractive({
    destination_user_id: '1',
    telegram_interactive_message: {
      type: 'reply_buttons',
      text: 'Ready?',
      reply_markup: { inline_keyboard: [[button]] },
    },
  });
export const right = [
  sendButton({ text: 'Yes', callback_data: 'yes' }),
  sendButton({ text: 'Open', url: 'https://example.com', style: 'primary' }),
];
`;

describe('the packed package, installed into an empty project', () => {
  it('has no dependencies, and says what it is', () => {
    const manifest = JSON.parse(readInstalled('package.json'));
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest).toMatchObject({ license: 'MIT', sideEffects: false, repository: { directory: 'packages/sdk' } });
    expect(manifest.keywords).toContain('telegram');
    expect(readInstalled('LICENSE')).toContain('MIT License');
    expect(readInstalled('README.md')).toContain('new Chatferry');
  });

  it.each([
    ['imported', 'app.mjs', "import { Chatferry, webhooks } from '@chatferry/sdk';"],
    ['required', 'app.cjs', "const { Chatferry, webhooks } = require('@chatferry/sdk');"],
  ])('can be %s', async (_, name, first) => {
    const text = `${first}
      const cf = new Chatferry({ baseUrl: 'http://127.0.0.1:9' });
      console.log(typeof cf.messages.get, cf.webhooks === webhooks);`;
    write(name, text);
    const { stdout } = await run('node', [name], { cwd: project });
    expect(stdout.trim()).toBe('function true');
  });

  it.each([
    ['import', 'dist/index.js'],
    ['require', 'cjs/index.js'],
  ])('has a build of its own for %s', (condition, file) => {
    const manifest = JSON.parse(readInstalled('package.json'));
    expect(manifest.exports['.'][condition].default).toBe(`./${file}`);
    expect(readInstalled(file)).toMatch(condition === 'import' ? /^export /m : /^exports\.|exports, "__esModule"/m);
  });

  it('reads its key and its address from the environment', async () => {
    const text = `import { Chatferry } from '@chatferry/sdk';
      const seen = [];
      const fetch = async (url, { headers }) => (seen.push(url, headers.authorization), Response.json({}));
      await new Chatferry({ fetch }).messages.get(7);
      console.log(seen.join(' '));`;
    write('environment.mjs', text);
    const env = { CHATFERRY_KEY: 'cf_test_1', CHATFERRY_URL: 'https://chat.example.com/base/' };
    const { stdout } = await run(process.execPath, ['environment.mjs'], { cwd: project, env });
    expect(stdout.trim()).toBe('https://chat.example.com/base/api/v1/messages/7 Bearer cf_test_1');
  });
});

/** The same for the buttons of `cf.messages.send`. */
const mistakesOfMessages: Readonly<Record<string, string>> = {
  'a message with a button of two actions':
    "cf.messages.send({ to: '1', text: 'x', buttons: [[{ text: 'Yes', data: { a: 1 }, url: 'https://example.com' }]] })",
  'a message with a button without an action':
    "cf.messages.send({ to: '1', text: 'x', buttons: [[{ text: 'Yes', style: 'primary' }]] })",
  'a message to no chat': "cf.messages.send({ text: 'x' })",
  'a file from two places':
    "cf.messages.send({ to: '1', media: { kind: 'photo', url: 'https://example.com/a.png', file_id: 'x' } })",
};

describe('the types of the packed package', { timeout: 60_000 }, () => {
  it.each(resolutions)('work in %s with %s', async (compiler, name, options, extensions) => {
    const files = extensions.map((extension) => `uses-${name}.${extension}`);
    for (const file of files) write(file, program);
    expect([...(await compile(compiler, options, files))]).toEqual([]);
  });

  it.each([resolutions[0], resolutions[3]])('refuse a wrong call in %s with %s', async (compiler, _, options) => {
    const files = Object.entries({ ...mistakes, ...(canSend ? mistakesOfMessages : {}) }).map(([title, call]) => {
      const name = `${title.replaceAll(' ', '-')}.ts`;
      write(name, `${scene}export const wrong = ${call};\n`);
      return name;
    });
    write('no-mistake.ts', scene);
    const said = await compile(compiler, options, [...files, 'no-mistake.ts']);
    expect(said.get('no-mistake.ts')).toBeUndefined();
    expect([...said.keys()].sort()).toEqual([...files].sort());
  });
});

/** The TypeScript of the README, in order. */
const readmeBlocks = (): readonly string[] =>
  [...readInstalled('README.md').matchAll(/```ts\n([^`]*)```/g)].map(([, code = '']) => code);

/** The client learns to send a message of any kind with this operation. */
const canSend = Object.hasOwn(operations, 'sendMessage');

describe('the README', () => {
  it('sends its first message in six lines', () => {
    const [first = ''] = readmeBlocks();
    expect(first).toContain('cf.messages.send(');
    expect(first.trim().split('\n').length).toBeLessThanOrEqual(6);
  });

  it.runIf(canSend)('has only code that compiles', { timeout: 60_000 }, async () => {
    const files = readmeBlocks().map((code, index) => {
      const name = `readme-${index}.ts`;
      write(name, `${code}\nexport {};\n`);
      return name;
    });
    const options = ['--module', 'esnext', '--moduleResolution', 'bundler'];
    expect(files.length).toBeGreaterThan(5);
    expect([...(await compile('TypeScript 7', options, files))]).toEqual([]);
  });
});

/** The minified bundle of a program that is made of one import. */
const bundle = async (text: string) => {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: project },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  const [file] = outputFiles;
  return { text: file?.text ?? '', compressedBytes: gzipSync(file?.contents ?? '', { level: 9 }).length };
};

describe('the bundle of an app', () => {
  it('with the whole client is smaller than 12 kB', async () => {
    const { text, compressedBytes } = await bundle("export { Chatferry } from '@chatferry/sdk';");
    expect(compressedBytes).toBeLessThan(12_000);
    expect(text).toContain('/api/v1/channels');
    // What only describes the operations, for the command line, is left out.
    expect(text).not.toContain('Send an interactive message.');
  });

  it('that uses one resource has no other', async () => {
    const { text } = await bundle(
      "import { channels, connect } from '@chatferry/sdk'; console.log(await connect({}, { channels }).channels.get('1'));",
    );
    expect(text).toContain('/api/v1/channels');
    expect(text).not.toMatch(/api\/v1\/(?!channels)/);
    expect(text).not.toContain('webhook-signature');
    expect(text).not.toContain('event-stream');
  });

  it('that only checks webhooks has no client', async () => {
    const { text } = await bundle("import { webhooks } from '@chatferry/sdk'; console.log(webhooks.verify);");
    expect(text).toContain('webhook-signature');
    expect(text).not.toContain('/api/');
  });
});

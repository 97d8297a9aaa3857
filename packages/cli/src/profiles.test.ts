import { describe, expect, it } from 'vitest';
import { answering, chatferry, listening } from './testing/run-chatferry.ts';

const home = { HOME: '/home/ada' };
const file = '/home/ada/.config/chatferry/profiles.json';
const stored = (profiles: object) => new Map([[file, JSON.stringify(profiles)]]);
const readStored = (files: Map<string, string>) => JSON.parse(files.get(file) ?? '');
const atNoGateway = { url: 'http://127.0.0.1:9', key: 'cf_live_x' };

describe('a profile', () => {
  it('is stored by login if the gateway knows its key; then commands need neither key nor address', async () => {
    const { CHATFERRY_URL: url } = await answering(200, { data: [], next_cursor: null });
    const privateFiles = stored({});
    const login = ['login', '--url', url, '--key', '-'];
    const ended = await chatferry(login, { env: home, stdin: 'cf_live_secret\n', privateFiles });
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain(file);
    expect(ended.out).not.toContain('cf_live_secret');
    expect(readStored(privateFiles)).toEqual({ default: { url, key: 'cf_live_secret' } });
    expect(await chatferry(['messages', 'list'], { env: home, privateFiles })).toMatchObject({ exitCode: 0 });
    const list = await chatferry(['profiles'], { env: home, privateFiles });
    expect(list.out).toContain(url);
    expect(list.out).not.toContain('cf_live_secret');
    expect(await chatferry(['logout'], { env: home, privateFiles })).toMatchObject({ exitCode: 0 });
    expect(readStored(privateFiles)).toEqual({});
  });

  it('is asked for piece by piece if there is a person', async () => {
    const { CHATFERRY_URL: url } = await answering(200, { data: [], next_cursor: null });
    const privateFiles = stored({});
    const answers = [url, 'key', 'cf_live_x'];
    const ended = await chatferry(['login', '--profile', 'work'], { env: home, answers, privateFiles });
    expect([ended.exitCode, ended.asked.length]).toEqual([0, 3]);
    expect(ended.asked.at(-1)).toMatch(/^hidden/);
    expect(readStored(privateFiles)).toEqual({ work: { url, key: 'cf_live_x' } });
  });

  it('is not stored if the gateway does not know the key', async () => {
    const body = { request_id: 'r', error_code: 1, error_name: 'UNAUTHORIZED', error: 'No.' };
    const { CHATFERRY_URL: url } = await answering(401, body);
    const privateFiles = stored({});
    const ended = await chatferry(['login', '--url', url, '--key', 'k'], { env: home, privateFiles });
    expect([ended.exitCode, readStored(privateFiles)]).toEqual([1, {}]);
  });

  it('is chosen by the option, else by the environment, else it is the one called default', async () => {
    const seen: (string | undefined)[] = [];
    const url = await listening((request) => {
      seen.push(request.headers.authorization);
      return { data: [], next_cursor: null };
    });
    const names = ['default', 'a', 'b'];
    const privateFiles = stored(Object.fromEntries(names.map((name) => [name, { url, key: `of-${name}` }])));
    const list = (args: string[], env: Record<string, string>) =>
      chatferry(['messages', 'list', ...args], { env: { ...home, ...env }, privateFiles });
    await list([], {});
    await list([], { CHATFERRY_PROFILE: 'a' });
    await list(['--profile', 'b'], { CHATFERRY_PROFILE: 'a', CHATFERRY_KEY: 'of-env' });
    await list([], { CHATFERRY_PROFILE: 'a', CHATFERRY_KEY: 'of-env' });
    await list(['--profile', 'b', '--key', 'typed'], {});
    expect(seen).toEqual(['of-default', 'of-a', 'of-b', 'of-env', 'typed'].map((key) => `Bearer ${key}`));
  });

  it('never sends its key to another address', async () => {
    const env = { ...home, CHATFERRY_URL: 'http://127.0.0.1:10' };
    const ended = await chatferry(['messages', 'list'], { env, privateFiles: stored({ default: atNoGateway }) });
    expect([ended.exitCode, ended.err]).toEqual([2, expect.stringContaining('chatferry login')]);
  });

  it('that does not exist is an error that lists the others', async () => {
    const args = ['messages', 'list', '--profile', 'x'];
    const ended = await chatferry(args, { env: home, privateFiles: stored({ a: atNoGateway }) });
    expect([ended.exitCode, ended.err]).toEqual([2, expect.stringContaining('There are: a.')]);
  });

  it('in a file that others can read, or that is broken, is not used', async () => {
    const list = ['messages', 'list'];
    const open = await chatferry(list, { env: home, privateFiles: stored({ a: atNoGateway }), isOpenToAll: true });
    expect([open.exitCode, open.err]).toEqual([2, expect.stringContaining('chmod 600')]);
    const broken = await chatferry(list, { env: home, privateFiles: stored({ a: 1 }) });
    expect([broken.exitCode, broken.err]).toEqual([2, expect.stringContaining('not a list of profiles')]);
  });
});

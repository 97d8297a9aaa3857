import { operations } from '@chatferry/sdk';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { answering, chatferry, type Setting } from './testing/run-chatferry.ts';

const times = { created_at: '2026-01-01T00:00:00.000Z', expires_at: null, retires_at: null, last_used_at: null };
const key = { id: 'key_1', name: '=2+3,"x"', kind: 'channel', prefix: 'cf_live_a', state: 'live', ...times };

const listKeys = async (options: readonly string[], setting: Setting = {}) => {
  const page = { data: [{ ...key, workspace_id: 'wsp_1', channel_id: 'chn_1' }], next_cursor: 'more' };
  return chatferry(['keys', 'list', ...options], { env: await answering(200, page), ...setting });
};

describe('the output', () => {
  it('as a table has colours on a terminal that wants them, and none elsewhere', async () => {
    expect((await listKeys([], { hasColours: true })).out).toContain('\u001b[32mlive');
    expect((await listKeys([])).out).not.toContain('\u001b');
  });

  it('as CSV is one table without formulas, and says beside it that there is more', async () => {
    const { out, err, exitCode } = await listKeys(['--output', 'csv']);
    expect(exitCode).toBe(0);
    const name = `"'=2+3,""x"""`;
    expect(out).toBe(`id,name,begins,of,state,ends,last used\nkey_1,${name},cf_live_a,chn_1,live,never,-\n`);
    expect(err).toBe('There are more: add --cursor more\n');
  });

  it('as CSV has the columns that a table leaves out', async () => {
    const letter = { id: 'ddl_1', kind: 'mirror', state: 'waiting', cause: 'x', failures: 3, lane: 'lane-7', ...times };
    const env = await answering(200, { data: [letter], next_cursor: null });
    expect((await chatferry(['dead-letters', 'list'], { env })).out).not.toContain('lane-7');
    expect((await chatferry(['dead-letters', 'list', '--output', 'csv'], { env })).out).toContain('lane-7');
  });

  it('as CSV is refused for an answer that is no table', async () => {
    const env = await answering(200, { messages: [] });
    const ended = await chatferry(['customers', 'export', '5', '--workspace', 'w', '--output', 'csv'], { env });
    expect([ended.exitCode, ended.out, ended.err]).toEqual([2, '', expect.stringContaining('--output json')]);
  });

  it('as JSON is what the API answered, with --json and with --output json', async () => {
    const { out } = await listKeys(['--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ data: [{ id: 'key_1' }], next_cursor: 'more' });
    expect((await listKeys(['--json'])).out).toBe(out);
  });

  it('has no colour that others wrote', async () => {
    const env = await answering(200, { ...key, name: '\u001b[31mred', limit: {}, scopes: [], networks: [] });
    const { out } = await chatferry(['keys', 'show', 'key_1'], { env, hasColours: true });
    expect(out).toContain('\\u001b[31mred');
  });
});

describe('a misspelling', () => {
  it.each([
    [['channel', 'list'], 'Did you mean channels list?'],
    [['chanels'], 'Did you mean channels?'],
    [['keys', 'lst'], 'Did you mean keys list?'],
    [['strat'], 'Did you mean start?'],
    [['keys', 'list', '--stat', 'live'], 'Did you mean --state?'],
    [['keys', 'list', '--jsn'], 'Did you mean --json?'],
  ])('in %j is answered with what was meant', async (args, suggestion) => {
    const ended = await chatferry(args);
    expect([ended.exitCode, ended.out]).toEqual([2, '']);
    expect(ended.err).toContain(suggestion);
  });

  it('that is like nothing gets no suggestion', async () => {
    expect((await chatferry(['frobnicate'])).err).not.toContain('Did you mean');
  });
});

describe('a command that the output suggests', () => {
  const npx = { npm_command: 'exec' };
  const message = { id: 7, state: 'sent', channel_message_id: 'tg-1', request_id: 'r' };

  it('can be copied by a person who used npx, and by one who did not', async () => {
    const env = { ...(await answering(201, message)), CHATFERRY_KEY: 'k' };
    const send = ['send', '--to', '5', '--text', 'Hello'];
    expect((await chatferry(send, { env })).out).toContain('inbox: chatferry messages show 7');
    expect((await chatferry(send, { env: { ...env, ...npx } })).out).toContain('inbox: npx chatferry messages show 7');
    expect((await chatferry(['chanels'], { env: npx })).err).toContain('For example: npx chatferry --help');
    expect((await chatferry(['send', '--help'], { env: npx })).out).toContain('  npx chatferry send --to 123456789');
  });

  it('is not made of what others wrote', async () => {
    const env = {
      ...(await answering(200, { data: [{ ...key, name: 'chatferry send', workspace_id: 'w' }] })),
      ...npx,
    };
    const { out } = await chatferry(['keys', 'list'], { env });
    expect(out).toMatch(/ chatferry send /);
    expect(out).not.toContain('npx');
  });
});

describe('messages list', () => {
  it('has an option for every condition of the API', () => {
    const given = Object.keys(commands.find(({ name }) => name === 'messages list')?.options ?? {});
    const fields = given.map((option) => option.replaceAll('-', '_'));
    const missing = operations.listMessages.query.filter((name) => !fields.includes(name.replace(/_id$/, '')));
    expect(missing).toEqual([]);
  });
});

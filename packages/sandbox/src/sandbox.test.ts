import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSandbox, type Sandbox } from './sandbox.ts';

/** A loaded machine is slow. */
const patient = { timeout: 15_000 };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox();
  await sandbox.listen();
});
afterEach(() => sandbox.close());

const control = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
  const answer = await fetch(`${sandbox.url}/control${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
};

describe('the sandbox server', () => {
  it('serves the page and all three providers', async () => {
    const page = await fetch(sandbox.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await control('/telegram/bots')).json).toEqual([]);
    expect((await control('/intercom/workspaces')).json).toEqual([]);
    expect((await control('/hubspot/portals')).json).toEqual([]);
  });
});

describe('the control API', () => {
  it('drives a conversation from the bot’s message to the customer’s tap', async () => {
    const { json: bot } = await control('/telegram/bots', { username: 'acme_bot' });
    const { json: chat } = await control('/telegram/chats', { bot_id: bot.id, user: { id: 501, first_name: 'Ana' } });
    await fetch(`${sandbox.url}/telegram/bot${bot.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        chat_id: chat.chat_id,
        text: 'hello',
        reply_markup: { inline_keyboard: [[{ text: 'Track', url: 'https://a.example/x' }]] },
      }),
    });
    const path = `/telegram/chats/${bot.id}/501`;
    const { json: tapped } = await control(`${path}/tap`, { message_id: 2, row: 0, column: 0 });
    expect(tapped).toEqual({ effect: 'opened-url', value: 'https://a.example/x' });
    const { json: transcript } = await control(path);
    expect(transcript.messages.map((message: { text: string }) => message.text)).toEqual(['/start', 'hello']);
    expect((await control(`/telegram/sent?bot_id=${bot.id}`)).json).toMatchObject([{ chat_id: 501, text: 'hello' }]);
    expect((await control('/feed?since=3')).json).toMatchObject([
      { sequence: 4, name: 'call.made', data: { method: 'sendMessage', status: 200 } },
      { sequence: 5, name: 'button.tapped' },
    ]);
  });

  it('lists the calls that hang until their callers give up, and can reset them', async () => {
    const { json: bot } = await control('/telegram/bots', {});
    await control('/faults', { provider: 'telegram', operation: 'getMe', times: 2, effect: { kind: 'hang-before' } });
    const { json: none } = await control('/faults/hanging');
    const patience = new AbortController();
    const call = (signal?: AbortSignal) =>
      fetch(`${sandbox.url}/telegram/bot${bot.token}/getMe`, signal ? { signal } : {}).then(
        () => 'answered',
        () => 'broken',
      );
    const calls = [call(patience.signal), call()];
    const hanging = async () => (await control('/faults/hanging')).json;
    await vi.waitFor(async () => expect(await hanging()).toHaveLength(2), patient);
    patience.abort();
    await vi.waitFor(
      async () => expect(await hanging()).toEqual([{ provider: 'telegram', operation: 'getMe' }]),
      patient,
    );
    expect((await control('/faults/hanging', undefined, 'DELETE')).status).toBe(204);
    expect([none, await Promise.all(calls)]).toEqual([[], ['broken', 'broken']]);
    await vi.waitFor(async () => expect(await hanging()).toEqual([]), patient);
  });

  it.each<readonly [string, unknown, number, RegExp]>([
    ['/nowhere', undefined, 404, /no control route GET \/control\/nowhere/],
    ['/telegram/bots', '{', 400, /not JSON/],
    ['/telegram/bots', [], 400, /JSON object/],
    ['/telegram/bots', { token: 'x' }, 400, /Give "token" as/],
    ['/telegram/chats', {}, 400, /Give "bot_id" as an integer/],
    ['/telegram/chats', { bot_id: 9 }, 404, /create it with POST/],
    ['/faults', { provider: 'icq' }, 400, /Give "provider" as telegram/],
    ['/faults', { provider: 'telegram', effect: { kind: 'flood' } }, 400, /Give "effect.kind" as/],
    ['/feed?since=-1', undefined, 400, /Give "since" as/],
  ])('says what to do when %s receives %j', async (path, body, status, error) => {
    const answer = await control(path, body);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toMatch(error);
  });

  it('stores faults, lists them and removes them', async () => {
    const fault = { provider: 'telegram', operation: 'getMe', times: 2, effect: { kind: 'delay-after', delayMs: 5 } };
    expect((await control('/faults', fault)).status).toBe(201);
    expect((await control('/faults')).json).toEqual([fault]);
    expect((await control('/faults', undefined, 'DELETE')).status).toBe(204);
    expect((await control('/faults')).json).toEqual([]);
  });

  it('streams the events of the feed', async () => {
    const abort = new AbortController();
    const answer = await fetch(`${sandbox.url}/control/events`, { signal: abort.signal });
    await control('/telegram/bots', {});
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString('utf8')).toMatch(/^id: 1\ndata: \{"sequence":1,.*"bot.created".*\}\n\n$/);
    abort.abort();
  });
});

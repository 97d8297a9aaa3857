import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createBrowser } from '@chatferry/sandbox';
import { webhooks } from '@chatferry/sdk';
import { adminToken, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { chatferry, type Setting } from 'chatferry/internal/testing/run-chatferry';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startPublicRig } from './desk.ts';

const rig = await startRig();
const file = '/home/ada/.config/chatferry/profiles.json';
const privateFiles = new Map([[file, '{}']]);
const env = { HOME: '/home/ada', CHATFERRY_URL: rig.url };

const command = (args: readonly string[], setting: Setting = {}) => chatferry(args, { env, privateFiles, ...setting });

beforeAll(async () => {
  const ended = await command(['setup', '--test'], { env: { ...env, CHATFERRY_ADMIN_TOKEN: adminToken } });
  expect([ended.exitCode, ended.err]).toEqual([0, '']);
  expect(ended.out).toMatch(/^Message \d+ was delivered to chat 424242/);
});

/** A command that runs on until `end` is called. */
const running = (args: readonly string[]) => {
  const interruption = new AbortController();
  const heard = { out: '', err: '' };
  const ended = command(args, { interruption: interruption.signal, heard });
  return {
    heard,
    end: () => {
      interruption.abort();
      return ended;
    },
  };
};

/** A program of a developer, with the requests that it got. */
const startProgram = async (status = 204) => {
  const requests: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers as Record<string, string>, body: await text(request) });
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` };
};

const tap = ['trigger', 'tap', '424242', '--button', 'Confirm'];

describe('setup', () => {
  it('keeps the key in a profile and shows it nowhere', async () => {
    const { key } = JSON.parse(privateFiles.get(file) ?? '').default;
    expect(key).toMatch(/^cf_test_/);
    const again = await command(['setup', '--test'], { env: { ...env, CHATFERRY_ADMIN_TOKEN: adminToken } });
    expect(again.out).toContain('--profile default-2');
    expect(again.out + again.err).not.toMatch(/cf_test_/);
    expect(JSON.parse(privateFiles.get(file) ?? '').default.key).toBe(key);
  });

  it('offers a person what can be connected, and asks for what is needed', async () => {
    const { access_token } = rig.sandbox.intercom.createWorkspace();
    const bot = rig.sandbox.telegram.createBot({});
    const answers = ['intercom', 'us', access_token, bot.token];
    const withAdmin = { ...env, CHATFERRY_ADMIN_TOKEN: adminToken };
    const heard = { out: '', err: '' };
    const ended = command(['setup'], { env: withAdmin, answers, heard, interruption: new AbortController().signal });
    await vi.waitFor(() => expect(heard.err).toContain('press Start'), { timeout: 15_000 });
    const chat = rig.sandbox.telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } });
    const at = { bot_id: bot.id, chat_id: chat.chat_id };
    const { exitCode, asked } = await ended;
    expect(exitCode).toBe(0);
    expect(asked.filter((question) => question.startsWith('hidden'))).toHaveLength(2);
    expect(rig.sandbox.telegram.sent(at).map((message) => message.text)).toEqual([
      'Your first message through Chatferry has arrived.',
    ]);
  });
});

describe('setup with HubSpot', () => {
  const settings = (url: string) => ({ HOME: '/home/ada', CHATFERRY_URL: url, CHATFERRY_ADMIN_TOKEN: adminToken });
  const linkIn = (said: string): string => /http\S+\/connect\/start\/\S+/.exec(said)?.[0] ?? '';

  it('leads through the browser, asks for the inbox of the portal, and ends with the first message', async () => {
    const { url, sandbox } = await startPublicRig();
    const portal = sandbox.hubspot.createPortal({ inboxes: [{ name: 'Sales' }, { name: 'Help', type: 'HELP_DESK' }] });
    const bot = sandbox.telegram.createBot({});
    const [, help] = portal.inboxes;
    const app = [portal.client_id, portal.client_secret, portal.developer_api_key];
    const heard = { out: '', err: '' };
    const ended = command(['setup'], {
      env: settings(url),
      answers: ['hubspot', ...app, bot.token, help?.id ?? ''],
      heard,
      interruption: new AbortController().signal,
    });
    await vi.waitFor(() => expect(linkIn(heard.err)).not.toBe(''), { timeout: 15_000 });
    expect(heard.err).toContain(`${url}/connect/hubspot/callback`);
    const browser = createBrowser();
    await browser.submit(await browser.open(linkIn(heard.err)), { account: portal.portal_id, decision: 'grant' });
    await vi.waitFor(() => expect(heard.err).toContain('press Start'), { timeout: 15_000 });
    const chat = sandbox.telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } });
    const { exitCode, asked } = await ended;
    expect(exitCode).toBe(0);
    expect(asked.filter((question) => question.startsWith('hidden'))).toHaveLength(3);
    expect(heard.err).not.toContain(portal.client_secret);
    const sent = sandbox.telegram.sent({ bot_id: bot.id, chat_id: chat.chat_id });
    expect(sent.map((message) => message.text)).toEqual(['Your first message through Chatferry has arrived.']);
    // Without a choice between two inboxes the gateway refuses the bot.
    expect(asked).toContain('choice: In which inbox do the conversations appear?');
    await vi.waitFor(() => expect(sandbox.hubspot.threads(portal.portal_id)).toHaveLength(1), { timeout: 15_000 });
  });

  it('says that the gateway needs a public address, if it has none', async () => {
    const { exitCode, err } = await command(['setup'], { env: settings(rig.url), answers: ['hubspot', ''] });
    expect(exitCode).toBe(1);
    expect(err).toContain('restart it with CHATFERRY_PUBLIC_URL set');
  });
});

describe('messages', () => {
  const sendId = async (...args: readonly string[]): Promise<string> => {
    const { out } = await command(['send', '--json', ...args]);
    return String(JSON.parse(out).id);
  };

  it('are found again by their state and the time since when', async () => {
    await command(['send', '--to', '9990000000001', '--text', 'Refused before']);
    const since = new Date().toISOString();
    await command(['send', '--to', '9990000000001', '--text', 'Refused after']);
    await command(['send', '--to', '424242', '--text', 'Sent after']);
    const failed = await command(['messages', 'list', '--state', 'failed', '--since', since]);
    expect(failed.out).toContain('Refused after');
    expect(failed.out).not.toMatch(/Refused before|Sent after/);
    const before = await command(['messages', 'list', '--state', 'failed', '--until', since]);
    expect(before.out).toContain('Refused before');
    expect(before.out).not.toContain('Refused after');
  });

  it('can be edited and deleted, and their timeline says so', async () => {
    const id = await sendId('--to', '424242', '--text', 'On its way', '--buttons', 'Track=track');
    const edited = await command(['messages', 'edit', id, '--text', 'Delivered', '--no-buttons']);
    expect([edited.exitCode, edited.out]).toEqual([0, expect.stringMatching(/^text +Delivered$/m)]);
    expect(JSON.parse((await command(['messages', 'show', id, '--json'])).out).buttons).toBeNull();
    expect(await command(['messages', 'delete', id, '--yes'])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await command(['messages', 'show', id, '--json'])).out).deleted_at).toMatch(/Z$/);
    const { out } = await command(['messages', 'timeline', id]);
    for (const kind of ['request', 'attempt', 'event']) expect(out).toMatch(new RegExp(` UTC +${kind} +\\S`));
    expect((await command(['messages', 'edit', id])).exitCode).toBe(2);
  });

  it('without words say what they are', async () => {
    const body = JSON.stringify({ to: '424242', location: { latitude: 52.52, longitude: 13.405 } });
    await command(['send'], { stdin: body });
    expect((await command(['messages', 'list', '--kind', 'location'])).out).toContain('(location)');
  });

  it('have their chats listed, with whether the bot is blocked', async () => {
    await command(['trigger', 'reply', '515151', '--text', 'Hello']);
    await command(['trigger', 'block', '515151']);
    await vi.waitFor(async () => {
      const { out } = await command(['chats', 'show', '515151']);
      expect(out).toMatch(/^blocked +\d{4}-/m);
    });
    expect((await command(['chats', 'list'])).out).toMatch(/^515151 .* private .* UTC$/m);
  });
});

describe('trigger with a sandbox that runs on its own', () => {
  it('acts in the chat of a live channel, by the control routes', async () => {
    const bot = await connectBot(rig);
    const { chatId } = newCustomer(rig, bot);
    const key = { CHATFERRY_KEY: bot.key, CHATFERRY_URL: rig.url };
    const there = (...args: readonly string[]) => command([...args, '--sandbox', rig.sandbox.url], { env: key });
    await command(['send', '--to', chatId, '--text', 'Ready?', '--buttons', 'Yes=yes,No=no'], { env: key });
    expect(await there('trigger', 'tap', chatId, '--button', 'No')).toMatchObject({ exitCode: 0, err: '' });
    await there('trigger', 'reply', chatId, '--text', 'Where is it?');
    await there('trigger', 'location', chatId, '--latitude', '52.52', '--longitude', '13.405');
    await vi.waitFor(async () => {
      const { out } = await command(['events', 'list', '--json', '--limit', '100'], { env: key });
      const events: { type: string; data: { tap?: object; message?: { text?: string } } }[] = JSON.parse(out).data;
      const tapped = events.find(({ type }) => type === 'button.tapped');
      expect(tapped?.data.tap).toMatchObject({ button: 'No', data: 'no' });
      expect(events.map(({ data }) => data.message?.text)).toContain('Where is it?');
      expect(events.map(({ type }) => type)).toContain('location.shared');
    }, 15_000);
    const missing = await there('trigger', 'tap', chatId, '--button', 'Perhaps');
    expect([missing.exitCode, missing.err]).toEqual([2, expect.stringContaining('shows no button “Perhaps”')]);
    const unknown = await there('trigger', 'reply', '5', '--text', 'Hello');
    expect([unknown.exitCode, unknown.err]).toEqual([2, expect.stringContaining('No bot of the sandbox has the chat')]);
  });

  it('is named to a person who has only a live key, beside test mode', async () => {
    const bot = await connectBot(rig);
    const { exitCode, err } = await command(tap, { env: { CHATFERRY_KEY: bot.key, CHATFERRY_URL: rig.url } });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/--sandbox http:[\s\S]*setup --test/);
  });

  it('says how to start it where none answers', async () => {
    const { exitCode, err } = await command([...tap, '--sandbox', 'http://127.0.0.1:9']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('npm run sandbox')]);
  });
});

describe('events tail', () => {
  it('shows a tap with the button and its chat, and ends without an error', async () => {
    const tail = running(['events', 'tail', '--types', 'button.tapped']);
    await vi.waitFor(() => expect(tail.heard.err).toContain('Listening'), { timeout: 15_000 });
    expect(await command(tap)).toMatchObject({ exitCode: 0 });
    await vi.waitFor(() => expect(tail.heard.out).not.toBe(''), { timeout: 15_000 });
    const { exitCode, out } = await tail.end();
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}button\.tapped +chat 424242 {2}message \d+ {2}“Confirm”\n$/);
  });
});

describe('listen', () => {
  it('forwards events in order as signed webhooks, and says what the program answered', async () => {
    const program = await startProgram();
    const types = 'button.tapped,message.received';
    const listen = running(['listen', '--types', types, '--forward-to', program.url]);
    await vi.waitFor(() => expect(listen.heard.err).toContain('Listening'), { timeout: 15_000 });
    await command(tap);
    await command(['trigger', 'reply', '424242', '--text', 'Where is it?']);
    await vi.waitFor(() => expect(listen.heard.err.match(/HTTP 204/g)).toHaveLength(2), { timeout: 15_000 });
    const { exitCode, err } = await listen.end();
    expect(exitCode).toBe(0);
    const secret = /^ {2}(whsec_\S+)$/m.exec(err)?.[1] ?? '';
    const events = program.requests.map(({ body, headers }) => webhooks.verify(body, headers, secret));
    expect((await Promise.all(events)).map(({ type }) => type)).toEqual(types.split(','));
  });

  it('continues when the program is not there', async () => {
    const listen = running(['listen', '--forward-to', '127.0.0.1:9', '--types', 'button.tapped']);
    await vi.waitFor(() => expect(listen.heard.err).toContain('Listening'), { timeout: 15_000 });
    await command(tap);
    await command(tap);
    await vi.waitFor(() => expect(listen.heard.err.match(/not delivered/g)).toHaveLength(2), { timeout: 15_000 });
    expect(await listen.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('trigger', () => {
  it('says which buttons there are when it names one that is not there', async () => {
    const ended = await command(['trigger', 'tap', '424242', '--button', 'Nope']);
    expect([ended.exitCode, ended.err]).toEqual([1, expect.stringContaining('“Confirm”')]);
  });

  it('blocks and unblocks the bot as the customer does', async () => {
    const send = () => command(['send', '--to', '424242', '--text', 'Hi']);
    await command(['trigger', 'block', '424242']);
    expect((await send()).exitCode).toBe(1);
    await command(['trigger', 'unblock', '424242']);
    expect(await send()).toMatchObject({ exitCode: 0 });
  });
});

describe('send', () => {
  const inJson = async (args: readonly string[], stdin?: object) => {
    const setting = stdin === undefined ? {} : { stdin: JSON.stringify(stdin) };
    const { out, err } = await command(['send', ...args, '--json'], setting);
    expect(err).toBe('');
    return JSON.parse(out);
  };

  it('takes a text with its format and buttons, the body of either request, and a message alone', async () => {
    const typed = [
      '--to',
      '424242',
      '--text',
      '<b>Ready?</b>',
      '--format',
      'html',
      '--buttons',
      'Yes=yes,Help=https://a.test/x',
    ];
    expect(await inJson(typed)).toMatchObject({
      state: 'sent',
      text: expect.stringContaining('Ready?'),
      buttons: [
        [
          { text: 'Yes', data: 'yes' },
          { text: 'Help', url: 'https://a.test/x' },
        ],
      ],
    });
    expect(await inJson([], { to: '424242', text: 'Of a file' })).toMatchObject({ state: 'sent', text: 'Of a file' });
    expect(await inJson(['--to', '424243'], { text: 'Of a file' })).toMatchObject({ chat_id: '424243' });
    const inline_keyboard = [[{ text: 'a', callback_data: 'a' }]];
    const alone = { type: 'reply_buttons', text: 'Alone', reply_markup: { inline_keyboard } };
    expect(await inJson(['--to', '424242'], alone)).toMatchObject({ message_id: expect.any(Number) });
  });

  it('refuses a text and a file at once', async () => {
    const ended = await command(['send', '--to', '424242', '--text', 'Hi', '--file', 'x']);
    expect([ended.exitCode, ended.err]).toEqual([2, expect.stringContaining('either --text or --file')]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const call = (method: string, parameters: object) =>
  rig.raw(`/bot${rig.bot.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: rig.at.chat_id, ...parameters }),
  });
const control = async (path: string, body?: object, method = body === undefined ? 'GET' : 'PATCH') => {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const answer = await fetch(`${rig.sandbox.url}/control/telegram${path}`, { method, ...sent });
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is.
  const answered: any = await answer.json();
  return { status: answer.status, body: answered };
};

describe('the formatting that a bot gives', () => {
  it('is in the message, beside what Telegram finds itself', async () => {
    const bold = { type: 'bold', offset: 2, length: 2 };
    const link = { type: 'text_link', offset: 5, length: 4, url: 'https://example.com/x' };
    const { body } = await call('sendMessage', { text: '  Hi this @the_owner', entities: [bold, link] });
    const entities = [
      { ...bold, offset: 0 },
      { ...link, offset: 3 },
      { type: 'mention', offset: 8, length: 10 },
    ];
    expect(body.result).toMatchObject({ text: 'Hi this @the_owner', entities });
    expect(rig.sandbox.telegram.sent(rig.at).at(-1)?.entities).toEqual(entities);
    expect(rig.sandbox.telegram.transcript(rig.at).messages.at(-1)?.entities).toEqual(entities);
  });

  it('is in the caption of a file', async () => {
    const file = rig.sandbox.telegram.file(rig.at, { kind: 'document', bytes: Buffer.from('%PDF-') });
    const italic = { type: 'italic', offset: 0, length: 4 };
    await call('sendDocument', { document: file.file_id, caption: 'Look', caption_entities: [italic] });
    expect(rig.sandbox.telegram.sent(rig.at).at(-1)?.caption_entities).toEqual([italic]);
  });

  it('is refused where it is none', async () => {
    for (const entities of ['[', [{ type: 'bold' }], ['bold'], { type: 'bold' }]) {
      expect((await call('sendMessage', { text: 'x', entities })).status).toBe(400);
    }
  });
});

describe('the calls of a bot', () => {
  it('are listed and published as they arrived, with their outcome', async () => {
    await call('sendMessage', { text: '  spaces  ', unknown_field: [1], disable_notification: true });
    await call('sendMessage', { text: '' });
    const { body } = await control(`/calls?bot_id=${rig.bot.id}&method=sendMessage`);
    const made = { bot_id: rig.bot.id, method: 'sendMessage', files: {} };
    const parameters = { chat_id: rig.at.chat_id, text: '  spaces  ', unknown_field: [1], disable_notification: true };
    const calls = [
      { ...made, parameters, status: 200 },
      {
        ...made,
        parameters: { chat_id: rig.at.chat_id, text: '' },
        status: 400,
        description: 'Bad Request: message text is empty',
      },
    ];
    expect(body.slice(-2)).toMatchObject(calls);
    const published = rig.sandbox.feed.since(0).filter(({ name }) => name === 'call.made');
    expect(published.slice(-2).map(({ data }) => data)).toMatchObject(calls);
  });

  it('show the files of a form by the name that Telegram gives them', async () => {
    const form = new FormData();
    form.append('chat_id', String(rig.at.chat_id));
    form.append('document', new Blob(['%PDF-'], { type: 'application/pdf' }), '50%25.pdf');
    await rig.raw(`/bot${rig.bot.token}/sendDocument`, { method: 'POST', body: form });
    const file = { file_name: '50%.pdf', mime_type: 'application/pdf', size: 5 };
    expect(rig.sandbox.telegram.calls({ method: 'sendDocument' }).at(-1)?.files).toEqual({ document: file });
  });

  it('do not contain polls', async () => {
    await call('getUpdates', { timeout: 0 });
    expect(rig.sandbox.telegram.calls().map(({ method }) => method)).not.toContain('getUpdates');
  });
});

describe('a renamed bot', () => {
  it('has the new names in getMe and in its messages, and keeps what was not changed', async () => {
    expect((await control(`/bots/${rig.bot.id}`, { username: 'new_name_bot' })).status).toBe(200);
    expect((await call('getMe', {})).body.result).toMatchObject({
      username: 'new_name_bot',
      first_name: 'Sandbox bot',
    });
    expect((await call('sendMessage', { text: 'x' })).body.result.from.username).toBe('new_name_bot');
    expect((await control(`/bots/${rig.bot.id}`, { username: 'no' })).status).toBe(400);
  });
});

describe('the id of an update', () => {
  it('can be chosen for the next one, and later ones follow it', async () => {
    rig.sandbox.telegram.changeBot(rig.bot.id, { next_update_id: 70 });
    const sent = ['one', 'two'].map((text) => rig.sandbox.telegram.text(rig.at, { text }).update_id);
    expect(sent).toEqual([70, 71]);
    expect((await control(`/bots/${rig.bot.id}`, { next_update_id: 0 })).status).toBe(400);
  });

  it('can be chosen for one update, which leaves the next one alone', async () => {
    const path = `/chats/${rig.at.bot_id}/${rig.at.chat_id}/send-update`;
    const sent = await control(path, { update: { update_id: 1_000, message: {} } }, 'POST');
    expect(sent.body).toEqual({ update_id: 1_000 });
    expect(rig.sandbox.telegram.text(rig.at, { text: 'three' }).update_id).toBe(72);
    expect((await control(path, { update: { update_id: 'x', message: {} } }, 'POST')).status).toBe(400);
  });
});

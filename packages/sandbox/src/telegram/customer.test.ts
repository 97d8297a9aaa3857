import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const send = async (parameters: Readonly<Record<string, unknown>>) =>
  (await rig.call('sendMessage', { chat_id: 501, text: 'hello', ...parameters })).body.result.message_id as number;

const lastUpdate = async () => (await rig.call('getUpdates', { offset: -1 })).body.result[0];

const transcript = () => rig.sandbox.telegram.transcript(rig.at);

describe('a reply keyboard', () => {
  const keyboard = [['Track', { text: 'My number', request_contact: true }, { text: 'Where', request_location: true }]];

  it('sends the label of a plain key as a reply', async () => {
    const message_id = await send({ reply_markup: { keyboard } });
    rig.sandbox.telegram.pressKey(rig.at, { message_id, row: 0, column: 0 });
    expect((await lastUpdate()).message).toMatchObject({ text: 'Track', reply_to_message: { message_id } });
  });

  it("shares the customer's own contact and location", async () => {
    const message_id = await send({ reply_markup: { keyboard } });
    rig.sandbox.telegram.pressKey(rig.at, { message_id, row: 0, column: 1 });
    expect((await lastUpdate()).message.contact).toEqual({
      phone_number: '15550000501',
      first_name: 'Ana',
      user_id: 501,
    });
    rig.sandbox.telegram.pressKey(rig.at, { message_id, row: 0, column: 2 });
    expect((await lastUpdate()).message.location).toEqual({ latitude: 52.520008, longitude: 13.404954 });
  });

  it('stays until it is replaced or removed, and is folded after a one-time press', async () => {
    const first = await send({ reply_markup: { keyboard, one_time_keyboard: true, resize_keyboard: true } });
    expect(transcript().reply_keyboard).toMatchObject({ message_id: first, resize_keyboard: true, folded: false });
    rig.sandbox.telegram.pressKey(rig.at, { message_id: first, row: 0, column: 0 });
    expect(transcript().reply_keyboard).toMatchObject({ folded: true });
    await send({ reply_markup: { keyboard: [['new']] } });
    expect(() => rig.sandbox.telegram.pressKey(rig.at, { message_id: first, row: 0, column: 0 })).toThrow(/no longer/);
    await send({ reply_markup: { remove_keyboard: true } });
    expect(transcript().reply_keyboard).toBeNull();
  });

  it('is replaced by a forced reply, which the next text answers', async () => {
    await send({ reply_markup: { keyboard } });
    const message_id = await send({ reply_markup: { force_reply: true, input_field_placeholder: 'ORD-…' } });
    expect(transcript()).toMatchObject({
      reply_keyboard: null,
      force_reply: { message_id, input_field_placeholder: 'ORD-…' },
    });
    rig.sandbox.telegram.text(rig.at, { text: 'ORD-9' });
    expect((await lastUpdate()).message).toMatchObject({ text: 'ORD-9', reply_to_message: { message_id } });
    expect(transcript().force_reply).toBeNull();
  });
});

describe('a customer', () => {
  it('starts the bot with a payload', async () => {
    rig.sandbox.telegram.start(rig.at, { payload: 'promo-7' });
    expect((await lastUpdate()).message.text).toBe('/start promo-7');
  });

  it('shares the contact of another person without a user id', async () => {
    rig.sandbox.telegram.shareContact(rig.at, { phone_number: '491701', other_person: true });
    expect((await lastUpdate()).message.contact).toEqual({ phone_number: '491701', first_name: 'Another Person' });
  });

  it('edits a message', async () => {
    const { message_id } = rig.sandbox.telegram.text(rig.at, { text: 'tpyo' });
    rig.sandbox.telegram.edit(rig.at, { message_id, text: 'typo' });
    expect((await lastUpdate()).edited_message).toMatchObject({
      message_id,
      text: 'typo',
      edit_date: expect.any(Number),
    });
  });

  it('blocks and unblocks the bot', async () => {
    rig.sandbox.telegram.block(rig.at);
    expect((await lastUpdate()).my_chat_member.new_chat_member.status).toBe('kicked');
    expect(() => rig.sandbox.telegram.text(rig.at, { text: 'x' })).toThrow(/Unblock/);
    rig.sandbox.telegram.unblock(rig.at);
    expect((await lastUpdate()).my_chat_member.new_chat_member.status).toBe('member');
    expect(await send({})).toBeGreaterThan(0);
  });

  it('sends a photo that the bot can download', async () => {
    const bytes = Buffer.from([1, 2, 3]);
    rig.sandbox.telegram.file(rig.at, { kind: 'photo', bytes, caption: 'look' });
    const { photo, caption } = (await lastUpdate()).message;
    expect([caption, photo.length]).toEqual(['look', 2]);
    const { body } = await rig.call('getFile', { file_id: photo.at(-1).file_id });
    const file = await fetch(`${rig.sandbox.url}/telegram/file/bot${rig.bot.token}/${body.result.file_path}`);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    expect((await rig.call('getFile', { file_id: 'x' })).body.description).toBe('Bad Request: invalid file_id');
  });

  it('reaches the bot in a group only if the message is for the bot', async () => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, type: 'group' });
    const group = { bot_id: rig.bot.id, chat_id };
    expect(rig.sandbox.telegram.text(group, { text: '@acme_bot hello' })).not.toHaveProperty('update_id');
    expect(rig.sandbox.telegram.text(group, { text: '/help@acme_bot' })).toHaveProperty('update_id');
    const { body } = await rig.call('sendMessage', { chat_id, text: 'question' });
    const reply_to_message_id = body.result.message_id;
    expect(rig.sandbox.telegram.text(group, { text: 'answer', reply_to_message_id })).toHaveProperty('update_id');
  });

  it('can send any update', async () => {
    rig.sandbox.telegram.sendUpdate(rig.at, { update: { hologram: { of: 'Ana' } } });
    expect(await lastUpdate()).toMatchObject({ hologram: { of: 'Ana' } });
  });
});

describe('a bot', () => {
  it('edits its own messages', async () => {
    const message_id = await send({ reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'a' }]] } });
    const edit = (parameters: Readonly<Record<string, unknown>>) =>
      rig.call('editMessageText', { chat_id: 501, message_id, text: 'changed', ...parameters });
    expect((await edit({})).body.result).toMatchObject({ message_id, text: 'changed', edit_date: expect.any(Number) });
    expect((await edit({})).body.description).toMatch(/^Bad Request: message is not modified: /);
    expect((await edit({ message_id: 1 })).body.description).toBe("Bad Request: message can't be edited");
    expect((await edit({ message_id: 99 })).body.description).toBe('Bad Request: message to edit not found');
    expect(transcript().messages.at(-1)).toMatchObject({ text: 'changed' });
    expect(transcript().messages.at(-1)).not.toHaveProperty('reply_markup');
  });

  it('edits a caption, and only where there is one', async () => {
    const form = new FormData();
    form.set('chat_id', '501');
    form.set('caption', 'the bill');
    form.set('document', new Blob(['content'], { type: 'text/plain' }), 'bill.txt');
    const { body: sent } = await rig.raw(`/bot${rig.bot.token}/sendDocument`, { method: 'POST', body: form });
    const { message_id } = sent.result;
    const edit = (method: string, parameters: Readonly<Record<string, unknown>>) =>
      rig.call(method, { chat_id: 501, message_id, ...parameters });
    expect((await edit('editMessageCaption', { caption: 'paid' })).body.result).toMatchObject({ caption: 'paid' });
    expect((await edit('editMessageText', { text: 'x' })).body.description).toMatch(/no text in the message to edit/);
    expect((await edit('editMessageCaption', {})).body.result).not.toHaveProperty('caption');
    const plain = await send({});
    expect((await edit('editMessageCaption', { message_id: plain, caption: 'x' })).body.description).toMatch(
      /no caption in the message to edit/,
    );
  });

  it('deletes its messages for 48 hours', async () => {
    const message_id = await send({});
    const remove = (id: number) => rig.call('deleteMessage', { chat_id: 501, message_id: id });
    expect((await remove(message_id)).body.result).toBe(true);
    expect(transcript().messages.map((message) => message.message_id)).not.toContain(message_id);
    expect((await remove(message_id)).body.description).toBe('Bad Request: message to delete not found');
  });

  it('uploads a document', async () => {
    const form = new FormData();
    form.set('chat_id', '501');
    form.set('caption', 'the bill');
    form.set('document', new Blob(['content'], { type: 'text/plain' }), 'bill.txt');
    const { body } = await rig.raw(`/bot${rig.bot.token}/sendDocument`, { method: 'POST', body: form });
    expect(body.result).toMatchObject({
      caption: 'the bill',
      document: { file_name: 'bill.txt', mime_type: 'text/plain', file_size: 7 },
    });
  });
});

describe('the journal of the simulated Telegram', () => {
  it('has a line for every accepted message', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'journal-'));
    const journalPath = join(folder, 'sent.jsonl');
    const lean = await startRig({ telegram: { lean: true, journalPath } });
    await lean.call('sendMessage', { chat_id: 501, text: 'kept' });
    await lean.call('sendMessage', { chat_id: 501, text: '' });
    expect(
      readFileSync(journalPath, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ bot_id: lean.bot.id, chat_id: 501, text: 'kept', message_id: 2 }]);
    expect(lean.sandbox.feed.since(0)).toEqual([]);
    await lean.close();
    await rm(folder, { recursive: true });
  });
});

describe('a file of a customer', () => {
  const bytes = Buffer.from('bytes');
  const sent = async (given: Omit<Parameters<typeof rig.sandbox.telegram.file>[1], 'bytes'>) => {
    rig.sandbox.telegram.file(rig.at, { bytes, ...given });
    return (await lastUpdate()).message;
  };

  it.each(['document', 'voice', 'audio', 'video', 'video_note', 'sticker'] as const)(
    'is in the field of its kind: %s',
    async (kind) => {
      const message = await sent({ kind });
      expect(message[kind]).toMatchObject({ file_id: expect.any(String), file_size: 5 });
    },
  );

  it('is also a document if it is an animation', async () => {
    const { animation, document } = await sent({ kind: 'animation', caption: 'look' });
    const { width, height, duration, ...rest } = animation;
    expect([width, height, duration].map((one) => typeof one)).toEqual(['number', 'number', 'number']);
    expect(document).toEqual(rest);
  });

  it('has an emoji, a motion and a thumbnail, and no caption, if it is a sticker', async () => {
    const thumbnail = Buffer.from('still');
    const message = await sent({ kind: 'sticker', emoji: '😀', motion: 'animated', thumbnail, caption: 'x' });
    expect(message).toMatchObject({ sticker: { emoji: '😀', is_animated: true, is_video: false } });
    expect(message.caption).toBeUndefined();
    const { body } = await rig.call('getFile', { file_id: message.sticker.thumbnail.file_id });
    expect(body.result.file_size).toBe(thumbnail.length);
  });

  it('cannot be downloaded if its size is above 20 MB', async () => {
    const { document } = await sent({ kind: 'document', size: 20 * 1024 * 1024 + 1 });
    expect((await rig.call('getFile', { file_id: document.file_id })).body.description).toBe(
      'Bad Request: file is too big',
    );
  });

  it('of an album is a message of its own with the id of the album', async () => {
    const files = [
      { kind: 'photo', bytes, caption: 'two' },
      { kind: 'video', bytes },
    ] as const;
    rig.sandbox.telegram.album(rig.at, { files });
    const updates = (await rig.call('getUpdates', { offset: -2 })).body.result;
    const ids = updates.map((update: { message: { media_group_id: string } }) => update.message.media_group_id);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toEqual(expect.any(String));
    expect(() => rig.sandbox.telegram.album(rig.at, { files: files.slice(1) })).toThrow(/2 to 10/);
  });
});

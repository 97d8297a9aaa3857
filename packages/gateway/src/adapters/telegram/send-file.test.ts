import type { Effect } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentOutcome } from '../../ports/attachment.ts';
import { BoundSecret } from '../../ports/secret.ts';
import { createTransport } from '../http/transport.ts';
import { telegramAdapter } from './adapter.ts';

const clock = createManualClock();
const transport = createTransport({ clock, policy: anyAddress });
const sandbox = createWatchedSandbox();
const root = `${await sandbox.listen()}/telegram`;
const { telegram, faults, feed } = sandbox;
const bot = telegram.createBot();
const token = new BoundSecret(bot.token, [root, 'http://127.0.0.1:1']);
const kind = telegramAdapter.connect({ transport });
const channel = kind.open({ token, apiRoot: root, fileRoot: root });
const url = 'https://downloads.intercomcdn.com/i/1?signature=s3cret';
let at: { readonly bot_id: number; readonly chat_id: number };

beforeEach(() => {
  at = { bot_id: bot.id, chat_id: telegram.createChat({ bot_id: bot.id }).chat_id };
  faults.clear();
});
afterAll(async () => {
  await transport.close();
  await sandbox.close();
});

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const png = (width: number, height: number): Buffer => {
  const content = bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0rest');
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return content;
};

/** Sends a reply with one file, whose fetching comes to `fetched`. */
function sendFile(fetched: AttachmentOutcome | Buffer, name: string | null = 'a.pdf', more: object = {}) {
  const attachments = [{ url, name, mediaType: null }];
  const reply = { body: { text: 'Look', spans: [] }, attachments, quickReplies: [], ...more };
  const [message] = kind.encodeReply({ chatId: String(at.chat_id), topicId: null }, reply);
  // As the store gives it back.
  const wire = JSON.parse(JSON.stringify(message?.wire));
  const outcome: AttachmentOutcome = Buffer.isBuffer(fetched) ? { kind: 'ok', content: fetched } : fetched;
  return channel.send(wire, 55_000, async () => outcome);
}

const sent = () =>
  telegram.sent(at).map(({ method, caption, file, reply_markup }) => ({
    method,
    caption,
    name: file?.file_name,
    reply_markup,
    content: telegram.fileContent({ bot_id: bot.id, file_id: file?.file_id ?? '' }),
  }));

describe('a file in a reply', () => {
  it.each([
    ['a photo', png(1920, 1080), 'sendPhoto'],
    ['a JPEG', bytes('\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x11\x08\x04\x38\x07\x80\x03'), 'sendPhoto'],
    ['a photo of more than 10 MB', Buffer.concat([png(1920, 1080), Buffer.alloc(11_000_000)]), 'sendDocument'],
    ['a photo that is too long for one', png(100, 2_001), 'sendDocument'],
    ['a photo with too many pixels', png(5_000, 5_001), 'sendDocument'],
    ['an image that is broken', bytes('\x89PNG\r\n\x1a\nbroken'), 'sendDocument'],
    ['a moving image', bytes('GIF89a…'), 'sendAnimation'],
    ['a voice recording', bytes('OggS......................OpusHead'), 'sendVoice'],
    ['music in Ogg', bytes('OggS......................vorbis'), 'sendDocument'],
    ['music', bytes('ID3...'), 'sendAudio'],
    ['a video', bytes('\0\0\0\x18ftypmp42'), 'sendVideo'],
    ['a document', bytes('%PDF-1.7'), 'sendDocument'],
    ['something that calls itself an image', bytes('<svg onload="alert(1)">'), 'sendDocument'],
  ])('that is %s is sent as such, whole', async (_what, content, method) => {
    expect(await sendFile(content)).toMatchObject({ kind: 'delivered' });
    expect(sent()).toMatchObject([{ method, caption: 'Look' }]);
    expect(sent()[0]?.content.equals(content)).toBe(true);
  });

  it.each([
    ['Rechnung März.pdf', 'Rechnung März.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['a"b\r\nc.pdf', 'a bc.pdf'],
    [null, 'document.pdf'],
  ])('named %j arrives as %j', async (name, arrived) => {
    await sendFile(bytes('%PDF-1.7'), name);
    expect(sent()).toMatchObject([{ name: arrived }]);
  });

  it('carries its buttons', async () => {
    await sendFile(bytes('%PDF-1.7'), 'a.pdf', { quickReplies: [{ label: 'Yes', value: 'y' }] });
    expect(sent()[0]?.reply_markup).toEqual({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] });
  });

  it('that is unavailable for the moment is surely not sent', async () => {
    const outcome = await sendFile({ kind: 'unavailable', detail: 'the file server answered 503' });
    expect(outcome).toMatchObject({ kind: 'deferred', because: 'not-written' });
    expect(sent()).toEqual([]);
  });

  it.each<[AttachmentOutcome | Buffer, RegExp, string]>([
    [
      { kind: 'refused', detail: 'its address has expired' },
      /“a.pdf” could not be fetched.*expired.*attach it again/,
      'refused',
    ],
    [{ kind: 'too-large', maxBytes: 1 }, /“a.pdf” is larger than the 50 MB.*link/, 'too_large'],
    [Buffer.alloc(0), /“a.pdf” is empty/, 'refused'],
  ])('that cannot be had is left out of its words without a call to Telegram: %j', async (fetched, reason, why) => {
    const before = feed.since(0).length;
    const detail = expect.stringMatching(reason);
    const outcome = await sendFile(fetched);
    expect(outcome).toMatchObject({ kind: 'deferred', because: 'amendable', amendment: 'without-file', detail });
    const alone = await sendFile(fetched, 'a.pdf', { body: { text: '', spans: [] } });
    expect(alone).toEqual({ kind: 'rejected', reason: 'refused', why, providerCode: null, detail });
    expect(feed.since(0)).toHaveLength(before);
  });

  it.each([
    ['sendVoice', 'VOICE_MESSAGES_FORBIDDEN', bytes('OggS......................OpusHead')],
    ['sendPhoto', 'IMAGE_PROCESS_FAILED', png(1920, 1080)],
    ['sendAnimation', 'wrong type of the web page content', bytes('GIF89a…')],
    ['sendVideo', 'VIDEO_CONTENT_TYPE_INVALID', bytes('\0\0\0\x18ftypmp42')],
    ['sendAudio', 'not enough rights to send music to the chat', bytes('ID3...')],
  ])('that Telegram refuses by %s (%s) is the same as a document', async (operation, why, content) => {
    const body = { ok: false, error_code: 400, description: `Bad Request: ${why}` };
    const answer = { status: 400, body: JSON.stringify(body) };
    faults.inject({ provider: 'telegram', operation, times: 1, effect: { kind: 'answer-before', answer } });
    expect(await sendFile(content)).toMatchObject({ kind: 'deferred', amendment: 'as-document' });
    const attachments = [{ url, name: 'a.bin', mediaType: null }];
    const [message] = kind.encodeReply(
      { chatId: String(at.chat_id), topicId: null },
      { body: { text: 'Look', spans: [] }, attachments, quickReplies: [{ label: 'Yes', value: 'y' }] },
    );
    const wire = kind.amend(message?.wire ?? {}, 'as-document');
    expect(await channel.send(wire, 55_000, async () => ({ kind: 'ok', content }))).toMatchObject({
      kind: 'delivered',
    });
    expect(sent()).toMatchObject([
      { method: 'sendDocument', caption: 'Look', reply_markup: { inline_keyboard: [[{}]] } },
    ]);
    expect(sent()[0]?.content.equals(content)).toBe(true);
  });

  it.each<[Effect, object, number]>([
    [{ kind: 'reset-before' }, { kind: 'uncertain' }, 0],
    [{ kind: 'reset-after' }, { kind: 'uncertain' }, 1],
    [{ kind: 'answer-after', answer: { status: 502, body: 'Bad Gateway' } }, { kind: 'uncertain' }, 1],
  ])('whose upload fails (%j) is uploaded once', async (effect, outcome, times) => {
    faults.inject({ provider: 'telegram', operation: 'sendDocument', times: 1, effect });
    const seen = await sendFile(bytes('%PDF-1.7'));
    expect(seen).toMatchObject(outcome);
    expect(sent()).toHaveLength(times);
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`s3cret|${bot.token}`));
  });

  it('is surely not sent when no server listens', async () => {
    const dead = kind.open({ token, apiRoot: 'http://127.0.0.1:1', fileRoot: root });
    const wire = { chat_id: at.chat_id, file: { url, name: 'a.pdf', media_type: null } };
    const outcome = await dead.send(wire, 55_000, async () => ({ kind: 'ok', content: bytes('%PDF-1.7') }));
    expect(outcome).toMatchObject({ kind: 'deferred', because: 'not-written' });
  });

  it('is refused to a customer who blocked the bot', async () => {
    telegram.block(at);
    expect(await sendFile(bytes('%PDF-1.7'))).toMatchObject({ kind: 'rejected', reason: 'recipient-gone' });
  });

  it('needs a function that fetches it', async () => {
    await expect(channel.send({ chat_id: 1, file: { url } }, 55_000)).rejects.toThrow(/fetches/);
  });
});

describe('the bot’s activity', () => {
  it('is shown', async () => {
    const since = feed.since(0).length;
    const shown = await channel.showActivity({ chatId: String(at.chat_id), topicId: null }, 'photo');
    expect(shown).toEqual({ kind: 'ok', value: true });
    const told = feed.since(since).filter(({ name }) => name === 'action.shown');
    expect(told.map(({ data }) => data)).toEqual([{ bot_id: bot.id, chat_id: at.chat_id, action: 'upload_photo' }]);
  });
});

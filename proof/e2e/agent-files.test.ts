import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Effect } from '@chatferry/sandbox';
import type { Customer } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot, faults, feed } = rig.sandbox;

/** By its bytes, which the simulated inbox serves, or by an address. */
type Attached = { readonly name: string } & ({ readonly content: Buffer } | { readonly url: string });

/** An agent attaches files to a reply in the only conversation. */
async function attach(desk: AgentsDesk, files: readonly Attached[], text?: string): Promise<void> {
  const id = await eventually(() => {
    const [only] = desk.conversations();
    if (!only) throw new Error('there is no conversation yet');
    return only.id;
  });
  const attachments = files.map((file) =>
    'url' in file ? file : { name: file.name, content_base64: file.content.toString('base64') },
  );
  if (desk.kind === 'intercom') {
    intercom.reply(desk.accountId, id, { attachments, ...(text === undefined ? {} : { body: `<p>${text}</p>` }) });
  } else {
    const typed = attachments.map((file) => ({ type: 'FILE', ...file }));
    hubspot.reply(desk.accountId, id, { attachments: typed, ...(text === undefined ? {} : { text }) });
  }
}

/** The next fetches of files from the inbox are answered so. */
function spoilFiles(
  desk: AgentsDesk,
  status: number,
  { headers = {}, times = 1 }: { readonly headers?: Readonly<Record<string, string>>; readonly times?: number } = {},
): void {
  const operations = { intercom: 'GET /attachments/{file}/{name}', hubspot: 'GET /file-contents/{id}/{name}' };
  const effect: Effect = { kind: 'answer-before', answer: { status, body: '', headers } };
  faults.inject({ provider: desk.kind, operation: operations[desk.kind], times, effect });
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const png = bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0rest');
const pdf = bytes('%PDF-1.7 an invoice');

/** What the customer has, one line for each message: its method, file name and text. */
const seenBy = ({ at }: Customer): readonly string[] =>
  telegram.sent(at).map(({ method, file, text, caption }) => [method, file?.file_name, text ?? caption].join(' | '));

const sees = (customer: Customer, ...messages: readonly string[]) =>
  eventually(() => expect(seenBy(customer)).toEqual(messages));

const contentsAt = ({ at }: Customer): readonly Buffer[] =>
  telegram
    .sent(at)
    .flatMap(({ file }) => (file ? [telegram.fileContent({ bot_id: at.bot_id, file_id: file.file_id })] : []));

const reported = (desk: AgentsDesk, ...words: readonly string[]) =>
  eventually(() => {
    for (const word of words) expect(desk.problemShown()).toContain(word);
  });

/** Another server on this machine, which must never be called. */
let calls = 0;
const forbidden = createServer((_request, response) => {
  calls += 1;
  response.end('secret');
});
let forbiddenUrl: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => forbidden.listen(0, '127.0.0.1', resolve));
  forbiddenUrl = `http://127.0.0.1:${(forbidden.address() as AddressInfo).port}/secret`;
});
afterAll(() => void forbidden.close());

describe.each(inboxKinds)('a file that an agent attaches in %s', (kind) => {
  const open = async () => {
    const desk = await openAgentsDesk(rig, kind);
    return { desk, customer: desk.customer() };
  };

  it('reaches the customer: an image as a photo, with the agent’s text as its caption', async () => {
    const { desk, customer } = await open();
    await attach(desk, [{ name: 'map.png', content: png }], 'Here we are');
    await sees(customer, 'sendPhoto |  | Here we are');
    expect(contentsAt(customer)).toEqual([png]);
  });

  it('keeps its name when it is a document', async () => {
    const { desk, customer } = await open();
    await attach(desk, [{ name: 'Rechnung März.pdf', content: pdf }]);
    await sees(customer, 'sendDocument | Rechnung März.pdf | ');
    expect(contentsAt(customer)).toEqual([pdf]);
  });

  it('arrives in order, after a text that is too long for a caption', async () => {
    const { desk, customer } = await open();
    const text = 'word '.repeat(300).trim();
    await attach(
      desk,
      [
        { name: 'a.pdf', content: pdf },
        { name: 'b.png', content: png },
        { name: 'c.txt', content: bytes('hello') },
      ],
      text,
    );
    await desk.answer('That is all');
    await sees(
      customer,
      `sendMessage |  | ${text}`,
      'sendDocument | a.pdf | ',
      'sendPhoto |  | ',
      'sendDocument | c.txt | ',
      'sendMessage |  | That is all',
    );
    expect(desk.problemShown()).toBeNull();
  });

  it('is announced to the customer while it is being sent', async () => {
    const { desk, customer } = await open();
    await attach(desk, [{ name: 'a.pdf', content: pdf }]);
    await sees(customer, 'sendDocument | a.pdf | ');
    await eventually(() => {
      const shown = feed
        .since(0)
        .filter(({ name, data }) => name === 'action.shown' && data['chat_id'] === customer.at.chat_id);
      expect(shown.map(({ data }) => data['action'])).toEqual(['upload_document']);
    });
  });

  it('is reported to the agent when it is too large, and the next answer is sent', async () => {
    const { desk, customer } = await open();
    await attach(desk, [{ name: 'film.bin', content: Buffer.alloc(51 * 1024 * 1024) }], 'The film');
    await reported(desk, 'film.bin', 'larger than the 50 MB', 'link');
    await desk.answer('Or watch it online');
    await sees(customer, 'sendMessage |  | The film', 'sendMessage |  | Or watch it online');
  });

  it('is reported to the agent when its address has expired', async () => {
    const { desk, customer } = await open();
    spoilFiles(desk, 404);
    await attach(desk, [{ name: 'a.pdf', content: pdf }]);
    await reported(desk, 'a.pdf', 'has expired or it was deleted', 'attach it again');
    expect(seenBy(customer)).toEqual([]);
  });

  it('is reported to the agent when its address redirects to another server, which is not called', async () => {
    const { desk, customer } = await open();
    spoilFiles(desk, 302, { headers: { location: forbiddenUrl } });
    await attach(desk, [{ name: 'a.pdf', content: pdf }]);
    await reported(desk, 'a.pdf', 'redirects elsewhere');
    expect([seenBy(customer), calls]).toEqual([[], 0]);
  });

  it.each(['http', 'https'])(
    'is reported to the agent when its address (%s) is not the inbox’s, and that server is not called',
    async (scheme) => {
      const { desk, customer } = await open();
      await attach(desk, [{ name: 'a.pdf', url: forbiddenUrl.replace('http', scheme) }], 'Look');
      await reported(desk, 'a.pdf', scheme === 'http' ? 'https' : 'own file servers');
      expect([seenBy(customer), calls]).toEqual([['sendMessage |  | Look'], 0]);
    },
  );

  it('is fetched again when the file server was down for a moment', async () => {
    const { desk, customer } = await open();
    spoilFiles(desk, 503, { times: 2 });
    await attach(desk, [{ name: 'a.pdf', content: pdf }]);
    await sees(customer, 'sendDocument | a.pdf | ');
    expect(desk.problemShown()).toBeNull();
  });

  it('cannot take the words with it when its address has expired', async () => {
    const { desk, customer } = await open();
    spoilFiles(desk, 403);
    await attach(desk, [{ name: 'a.pdf', content: pdf }], 'Your table is booked. The menu:');
    await sees(customer, 'sendMessage |  | Your table is booked. The menu:');
    await reported(desk, 'Not sent to the customer: the file “a.pdf”', 'has expired');
  });

  it('follows the words, and holds up no other answer, when the file server is down for longer', async () => {
    const { desk, customer } = await open();
    spoilFiles(desk, 503, { times: 1_000 });
    await attach(desk, [{ name: 'a.pdf', content: pdf }], 'The menu:');
    await desk.answer('Until then');
    await sees(customer, 'sendMessage |  | The menu:', 'sendMessage |  | Until then');
    faults.clear();
    await sees(customer, 'sendMessage |  | The menu:', 'sendMessage |  | Until then', 'sendDocument | a.pdf | ');
    expect(desk.problemShown()).toBeNull();
  });

  it.each([
    ['sendVoice', 'VOICE_MESSAGES_FORBIDDEN', bytes('OggS......................OpusHead'), 'answer.ogg'],
    ['sendPhoto', 'PHOTO_INVALID_DIMENSIONS', png, 'map.png'],
  ])(
    'is sent as a document with its words when Telegram refuses it by %s (%s)',
    async (operation, why, content, name) => {
      const { desk, customer } = await open();
      const body = { ok: false, error_code: 400, description: `Bad Request: ${why}` };
      const effect: Effect = { kind: 'answer-before', answer: { status: 400, body } };
      faults.inject({ provider: 'telegram', operation, subject: customer.chatId, times: 1, effect });
      await attach(desk, [{ name, content }], 'Here you are');
      await sees(customer, `sendDocument | ${name} | Here you are`);
      expect(contentsAt(customer)).toEqual([content]);
      expect(desk.problemShown()).toBeNull();
    },
  );

  it('that Telegram refuses altogether leaves its words, and the agent is told', async () => {
    const { desk, customer } = await open();
    const description = 'Bad Request: not enough rights to send documents to the chat';
    const effect: Effect = {
      kind: 'answer-before',
      answer: { status: 400, body: { ok: false, error_code: 400, description } },
    };
    faults.inject({ provider: 'telegram', operation: 'sendDocument', subject: customer.chatId, times: 1, effect });
    await attach(desk, [{ name: 'a.pdf', content: pdf }], 'Here you are');
    await sees(customer, 'sendMessage |  | Here you are');
    await reported(desk, 'a.pdf', 'not enough rights to send documents');
  });

  it('is named in the report when it is the one of several that did not arrive', async () => {
    const { desk, customer } = await open();
    await attach(desk, [
      { name: 'a.pdf', content: pdf },
      { name: 'b.pdf', url: forbiddenUrl },
      { name: 'c.pdf', content: pdf },
    ]);
    await sees(customer, 'sendDocument | a.pdf | ', 'sendDocument | c.pdf | ');
    await reported(desk, 'Not sent to the customer: the file “b.pdf”');
    expect(desk.problemShown()).not.toContain('c.pdf');
    await desk.answer('Sorry');
    await sees(customer, 'sendDocument | a.pdf | ', 'sendDocument | c.pdf | ', 'sendMessage |  | Sorry');
  });

  it('arrives once when the inbox sends its event twice', async () => {
    const { desk, customer } = await open();
    await attach(desk, [
      { name: 'a.pdf', content: pdf },
      { name: 'b.png', content: png },
    ]);
    await sees(customer, 'sendDocument | a.pdf | ', 'sendPhoto |  | ');
    if (kind === 'intercom') intercom.repeatNotification(desk.accountId);
    else hubspot.repeatEvent(desk.accountId);
    await desk.answer('Did you get it?');
    await sees(customer, 'sendDocument | a.pdf | ', 'sendPhoto |  | ', 'sendMessage |  | Did you get it?');
  });

  it('is not sent again when it is unknown whether it arrived', async () => {
    const { desk, customer } = await open();
    const subject = customer.chatId;
    faults.inject({
      provider: 'telegram',
      operation: 'sendDocument',
      subject,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    await attach(desk, [{ name: 'a.pdf', content: pdf }]);
    await reported(desk, 'it may have arrived');
    expect(seenBy(customer)).toEqual(['sendDocument | a.pdf | ']);
  });
});

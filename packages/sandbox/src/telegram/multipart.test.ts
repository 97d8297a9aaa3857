import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const boundary = 'XX';

/** Posts a document in a body that is written by hand. `disposition` is what follows `form-data;`. */
async function post(disposition: string | Buffer, type = `multipart/form-data; boundary=${boundary}`) {
  const body = Buffer.concat([
    Buffer.from(`preamble--${boundary}\r\nContent-Disposition: form-data; name=chat_id\r\n\r\n${rig.at.chat_id}\r\n`),
    Buffer.from(`--${boundary}\r\ncontent-type: application/pdf\r\nCONTENT-DISPOSITION: form-data;`),
    Buffer.from(disposition),
    Buffer.from(`\r\n\r\n%PDF-\r\n--not the end\r\n--${boundary}--\r\n`),
  ]);
  return rig.raw(`/bot${rig.bot.token}/sendDocument`, { method: 'POST', body, headers: { 'content-type': type } });
}

const named = (name: string) => post(` name="document"; filename="${name}"`);
const keptName = () => rig.sandbox.telegram.sent(rig.at).at(-1)?.file?.file_name;

describe('the name of an uploaded file', () => {
  it.each([
    ['a.pdf', 'a.pdf'],
    // A percent sign is the beginning of a byte, so that this is no UTF-8.
    ['50%descuento.pdf', 'file'],
    ['50%25descuento.pdf', '50%descuento.pdf'],
    ['100%.pdf', '100%.pdf'],
    ['%D0%B4%D0%B0.pdf', 'да.pdf'],
    ['50%2525.pdf', '50%25.pdf'],
    ['Offer; final.pdf', 'Offer; final.pdf'],
    ['Offer \\"B\\".pdf', 'Offer  B.pdf'],
    ['Offer %22B%22.pdf', 'Offer  B.pdf'],
    ['a\\\\b.pdf', 'a b.pdf'],
    ['2026/05.pdf', '05.pdf'],
    ['2026%2F05.pdf', '05.pdf'],
    ['.htaccess', 'htaccess'],
    ['...', 'file'],
    ['🎉.pdf', 'pdf'],
    ['naïve “quote” — x.tar.gz', 'naïve  quote    x.tar.gz'],
    [`${'n'.repeat(70)}.${'e'.repeat(20)}`, `${'n'.repeat(64)}.${'e'.repeat(16)}`],
    ['', 'file'],
  ])('%s is kept as %s', async (given, kept) => {
    expect((await named(given)).status).toBe(200);
    expect(keptName()).toBe(kept);
  });

  it('is “file” if its bytes are no UTF-8', async () => {
    const bytes = Buffer.from(' name="document"; filename="caf\xe9.pdf"', 'latin1');
    expect((await post(bytes)).status).toBe(200);
    expect(keptName()).toBe('file');
  });

  it('may be a token, which ends at the semicolon', async () => {
    expect((await post('filename = Offer final.pdf ; name=document')).status).toBe(200);
    expect(keptName()).toBe('Offer final.pdf');
  });

  it('is not read from another parameter', async () => {
    expect((await post(` name="document"; filename="a.pdf"; filename*=UTF-8''b.pdf`)).status).toBe(200);
    expect(keptName()).toBe('a.pdf');
  });
});

describe('a form that Telegram cannot read', () => {
  it.each([
    [' name="document"; filename="a.pdf', 'unclosed quoted string in Content-Disposition header'],
    [' name="document"; filename="a.pdf" x', "expected ';' in Content-Disposition header"],
    [' filename="a.pdf"', 'field name in multipart/form-data not found'],
    [' name=""; filename="a.pdf"', 'field name in multipart/form-data not found'],
  ])('is refused: %s', async (disposition, reason) => {
    const { status, body } = await post(disposition);
    expect([status, body.description]).toEqual([400, `Bad Request: ${reason}`]);
  });

  it.each([
    ['multipart/form-data', 'boundary not found'],
    ['multipart/form-data; boundary', 'boundary value not found'],
    ['multipart/form-data; boundary=', 'boundary too big or empty'],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, 'boundary too big or empty'],
  ])('is refused: %s', async (type, reason) => {
    const { status, body } = await post(' name="document"; filename="a.pdf"', type);
    expect([status, body.description]).toEqual([400, `Bad Request: ${reason}`]);
  });

  it('may have a quoted boundary', async () => {
    expect(
      (await post(' name="document"; filename="q.pdf"', `multipart/form-data; boundary="${boundary}"`)).status,
    ).toBe(200);
    expect(keptName()).toBe('q.pdf');
  });
});

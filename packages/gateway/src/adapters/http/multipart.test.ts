import { describe, expect, it } from 'vitest';
import { encodeForm } from './multipart.ts';

const read = ({ contentType, body }: ReturnType<typeof encodeForm>): Promise<FormData> =>
  new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();

const file = (change: object = {}) => ({
  field: 'document',
  name: 'a.pdf',
  mediaType: 'application/pdf',
  content: Buffer.from('%PDF-1.7\r\n\0\xff', 'latin1'),
  ...change,
});

const fileIn = async (form: FormData): Promise<{ readonly name: string; readonly content: Buffer }> => {
  const found = form.get('document');
  if (!(found instanceof File)) throw new Error('there is no file in the form');
  return { name: found.name, content: Buffer.from(await found.arrayBuffer()) };
};

/** The name of the file as a server reads it that undoes backslashes and percent codes. */
function decodedName({ body }: ReturnType<typeof encodeForm>): string {
  const quoted = /filename="((?:[^"\\]|\\.)*)"/s.exec(body.toString('latin1'))?.[1] ?? '';
  const unescaped = quoted.replace(/\\(.)/gs, '$1');
  const bytes = unescaped.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('a form', () => {
  it('contains its fields and its file unchanged', async () => {
    const form = await read(encodeForm({ chat_id: '42', caption: 'Grüße\n“you”' }, file()));
    expect([form.get('chat_id'), form.get('caption')]).toEqual(['42', 'Grüße\n“you”']);
    expect(await fileIn(form)).toEqual({ name: 'a.pdf', content: file().content });
    expect(form.get('document')).toMatchObject({ type: 'application/pdf' });
  });

  it('writes any file name in one line', async () => {
    const name = 'Rechnung "März"\r\nx-evil: 1 📎.pdf';
    const form = await read(encodeForm({}, file({ name })));
    expect([...form.keys()]).toEqual(['document']);
    expect((await fileIn(form)).name).toContain('Rechnung');
  });

  it.each(['50%descuento.pdf', '100%25.pdf', 'Offer; final "B".pdf', 'C:\\a"b\\.pdf', 'Größe 5%\r\nx.pdf'])(
    'keeps the file name %j for a server that decodes names',
    (name) => {
      expect(decodedName(encodeForm({}, file({ name }), 'percent-decoded'))).toBe(name);
    },
  );

  it('writes a percent sign for a server that reads names like a browser as it is', async () => {
    expect((await fileIn(await read(encodeForm({}, file({ name: '5% off.pdf' }))))).name).toBe('5% off.pdf');
  });

  it.each(['chatferry-form-0', '--chatferry-form-0--\r\n--chatferry-form-1\r\n'])(
    'is not ended by a file or a field that holds %j',
    async (text) => {
      const form = await read(encodeForm({ caption: text }, file({ content: Buffer.from(`a\r\n${text}\r\nb`) })));
      expect(form.get('caption')).toBe(text);
      expect((await fileIn(form)).content.toString()).toBe(`a\r\n${text}\r\nb`);
    },
  );
});

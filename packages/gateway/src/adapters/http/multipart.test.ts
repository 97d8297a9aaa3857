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

  it.each(['chatferry-form-0', '--chatferry-form-0--\r\n--chatferry-form-1\r\n'])(
    'is not ended by a file or a field that holds %j',
    async (text) => {
      const form = await read(encodeForm({ caption: text }, file({ content: Buffer.from(`a\r\n${text}\r\nb`) })));
      expect(form.get('caption')).toBe(text);
      expect((await fileIn(form)).content.toString()).toBe(`a\r\n${text}\r\nb`);
    },
  );
});

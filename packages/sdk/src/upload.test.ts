import { describe, expect, it } from 'vitest';
import type { Call } from './call.js';
import { connect } from './connect.js';
import type { Resource, UploadContent } from './resource.js';
import { closeServersAfterEach, failureOf, hangUp, json, serve } from './testing/gateway-double.js';

closeServersAfterEach();

const files: Resource<{
  upload(content: UploadContent, fields?: { readonly file_name?: string }): Call<{ readonly id: string }>;
}> = {
  methods: {
    upload: {
      id: 'uploadFile',
      method: 'POST',
      path: '/api/v1/files',
      query: ['file_name'],
      isUpload: true,
      hasFields: true,
      isIdempotent: true,
    },
  },
};

const open = (baseUrl: string) => connect({ baseUrl, key: 'cf_key', wait: () => Promise.resolve() }, { files });

describe('the upload of a file', () => {
  it.each([
    ['a Blob with a type', () => new Blob(['hello'], { type: 'text/plain' }), 'text/plain'],
    ['bytes', () => new TextEncoder().encode('hello'), 'application/octet-stream'],
    ['a stream', () => new Blob(['hello']).stream(), 'application/octet-stream'],
  ])('sends %s as they are', async (_, make, type) => {
    const { baseUrl, seen } = await serve(json(201, { id: 'fil_1' }));
    expect(await open(baseUrl).files.upload(make(), { file_name: 'a b.txt' })).toEqual({ id: 'fil_1' });
    expect(seen[0]).toMatchObject({ url: '/api/v1/files?file_name=a+b.txt', body: 'hello' });
    expect(seen[0]?.headers['content-type']).toBe(type);
  });

  it('is repeated after a lost connection, but not from a stream, which is read once', async () => {
    const { baseUrl, seen } = await serve(hangUp, json(201, { id: 'fil_1' }));
    expect(await open(baseUrl).files.upload(new Blob(['hello']))).toEqual({ id: 'fil_1' });
    const lost = await serve(hangUp);
    const error = await failureOf(open(lost.baseUrl).files.upload(new Blob(['hello']).stream()));
    expect(error).toMatchObject({ kind: 'broken', mayHaveBeenSent: true });
    expect([seen.length, lost.seen.length]).toEqual([2, 1]);
  });

  it('without its bytes fails before any request', async () => {
    const upload = open('http://127.0.0.1:9').files.upload as (content?: UploadContent) => Promise<unknown>;
    await expect(upload()).rejects.toThrow('uploadFile needs the bytes of a file');
  });
});

import type { HttpStreamAnswer } from './http-call.ts';

/** The whole body; null if it is larger than `maxBytes`. Rejects when it is cut short. */
export function readWhole(
  { body, onBytes }: Pick<HttpStreamAnswer, 'body' | 'onBytes'>,
  maxBytes: number,
): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      onBytes();
      size += chunk.byteLength;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      resolve(null);
      body.destroy();
    });
    body.once('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks, size));
    });
    body.once('error', reject);
    body.once('close', () => {
      if (!body.readableEnded) reject(new Error('The body was closed before its end.'));
    });
  });
}

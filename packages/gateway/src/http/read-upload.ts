import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import type { ArrivingFile } from '@chatferry/contract';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { ApiError, invalidValue } from '../operations/api-error.ts';

const noFile = 'You must supply a file: as the body of the request, or as the field file of a form.';
const missing = (): ApiError =>
  new ApiError('ARGUMENT_MISSING', { message: noFile, details: [{ pointer: '/file', message: noFile }] });

/** The file of an upload, from its first byte on. Throws ARGUMENT_MISSING. */
export async function readUpload(request: FastifyRequest): Promise<ArrivingFile> {
  const type = request.headers['content-type'] ?? '';
  const isForm = /^multipart\/form-data\b/i.test(type);
  const isEmpty = request.headers['content-length'] === '0';
  if (
    isEmpty ||
    (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
  )
    throw missing();
  const length = request.headers['content-length'];
  const sizeBytes = length === undefined ? null : Number(length);
  if (isForm) return { ...(await readForm(request, type)), sizeBytes };
  const declared = type.split(';', 1)[0]?.trim() ?? '';
  return { name: null, mediaType: declared === '' ? null : declared, content: piecesOf(request.raw), sizeBytes };
}

/** What a caller who left causes is no bug: the request has ended. A handler that stops reading can still answer it. */
async function* piecesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Buffer;
  } catch (cause) {
    throw new ApiError('TYPE_MISMATCH', { message: 'The upload broke off. Nothing of it was kept.', cause });
  }
}

const brokenForm = 'The body must be a form (multipart/form-data) as its Content-Type says; it cannot be read.';

const asRefusal = (cause: unknown): ApiError =>
  cause instanceof ApiError ? cause : new ApiError('TYPE_MISMATCH', { message: brokenForm, cause });

function openParser(type: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: { files: 2, fields: 0, parts: 4, headerPairs: 20 },
    });
  } catch (cause) {
    throw asRefusal(cause);
  }
}

/** Fields beside the file are not read: the API has none. */
async function readForm(request: FastifyRequest, type: string): Promise<Omit<ArrivingFile, 'sizeBytes'>> {
  const parser = openParser(type);
  const streams: BusboyFileStream[] = [];
  const first = new Promise<Omit<ArrivingFile, 'sizeBytes'>>((resolve) => {
    parser.on('file', (_field, stream, name, _encoding, mediaType) => {
      streams.push(stream);
      const content = formPieces(stream, ended, () => streams.length);
      if (streams.length > 1) stream.resume();
      else resolve({ name: name || null, mediaType: mediaType || null, content });
    });
  });
  const ended = new Promise<void>((done, failed) => {
    pipeline(request.raw, parser, (cause) => {
      if (cause) {
        for (const stream of streams) stream.on('error', () => undefined).destroy(cause);
        failed(cause);
      } else done();
    });
  });
  const none = ended.then(
    () => Promise.reject(missing()),
    (cause: unknown) => Promise.reject(asRefusal(cause)),
  );
  none.catch(() => undefined);
  return Promise.race([first, none]);
}

/** Ends when the whole form was read. */
async function* formPieces(
  stream: Readable,
  ended: Promise<void>,
  countFiles: () => number,
): AsyncGenerator<Uint8Array> {
  yield* piecesOf(stream);
  await ended.catch((cause: unknown) => {
    throw new ApiError('TYPE_MISMATCH', { message: 'The upload broke off. Nothing of it was kept.', cause });
  });
  if (countFiles() > 1) throw invalidValue('/file', 'file must be one file; upload each in a request of its own.');
}

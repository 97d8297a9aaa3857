import { cleanFileName } from './clean-file-name.ts';
import { readDisposition } from './content-disposition.ts';
import { badRequest } from './errors.ts';

/** A file of a `multipart/form-data` body. */
export interface UploadedFile {
  /** As Telegram's server keeps it. */
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Reads a multipart body as Telegram's server does (TDLib tdnet/td/net/HttpReader.cpp). A part without an end is left out. */
export function readMultipart(contentType: string, body: Buffer): Multipart {
  const fields = new Map<string, string>();
  const files = new Map<string, UploadedFile>();
  const delimiter = Buffer.from(`\r\n--${boundaryIn(contentType)}`, 'latin1');
  const opening = delimiter.subarray(2);
  const first = body.indexOf(opening);
  let start = first + opening.length;
  while (first !== -1 && body.toString('latin1', start, start + 2) !== '--') {
    const headEnd = body.indexOf('\r\n\r\n', start);
    const end = headEnd === -1 ? -1 : body.indexOf(delimiter, headEnd + 4);
    if (end === -1) break;
    addPart(body.toString('latin1', start + 2, headEnd), body.subarray(headEnd + 4, end), fields, files);
    start = end + delimiter.length;
  }
  return { fields, files };
}

function boundaryIn(contentType: string): string {
  const at = contentType.toLowerCase().indexOf('boundary');
  if (at === -1) throw badRequest('boundary not found');
  const equals = contentType.indexOf('=', at);
  if (equals === -1) throw badRequest('boundary value not found');
  const [value = ''] = contentType.slice(equals + 1).split(';');
  const boundary = /^"(.*)"$/s.exec(value)?.[1] ?? value;
  if (boundary === '' || boundary.length > 70) throw badRequest('boundary too big or empty');
  return boundary;
}

function addPart(head: string, content: Buffer, fields: Map<string, string>, files: Map<string, UploadedFile>): void {
  const headers = headersIn(head);
  const disposition = headers.get('content-disposition');
  const parameters = disposition === undefined ? new Map<string, Buffer>() : readDisposition(disposition);
  const name = parameters.get('name')?.toString('utf8') ?? '';
  if (name === '') throw badRequest('field name in multipart/form-data not found');
  const fileName = parameters.get('filename');
  if (fileName === undefined) {
    fields.set(name, content.toString('utf8'));
    return;
  }
  const mimeType = headers.get('content-type') ?? 'application/octet-stream';
  files.set(name, { fileName: cleanFileName(fileName), mimeType, bytes: Buffer.from(content) });
}

/** Names in lower case. A line that begins with white space continues the line before. */
function headersIn(head: string): ReadonlyMap<string, string> {
  const lines = head.split(/\r\n(?![ \t])/);
  return new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()] as const;
    }),
  );
}

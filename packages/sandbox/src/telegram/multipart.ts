/** A file of a `multipart/form-data` body. */
export interface UploadedFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Reads a multipart body (RFC 7578). A body without a boundary has no parts. */
export function readMultipart(contentType: string, body: Buffer): Multipart {
  const fields = new Map<string, string>();
  const files = new Map<string, UploadedFile>();
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const marker = boundary?.[1] ?? boundary?.[2];
  if (marker === undefined) return { fields, files };
  const delimiter = Buffer.from(`--${marker}`);
  let start = body.indexOf(delimiter);
  while (start !== -1) {
    const end = body.indexOf(delimiter, start + delimiter.length);
    if (end === -1) break;
    addPart(body.subarray(start + delimiter.length + 2, end - 2), fields, files);
    start = end;
  }
  return { fields, files };
}

function addPart(part: Buffer, fields: Map<string, string>, files: Map<string, UploadedFile>): void {
  const headEnd = part.indexOf('\r\n\r\n');
  if (headEnd === -1) return;
  const head = part.subarray(0, headEnd).toString('utf8');
  const content = part.subarray(headEnd + 4);
  const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return;
  const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
  if (fileName === undefined) {
    fields.set(name, content.toString('utf8'));
    return;
  }
  const mimeType = /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1]?.trim() ?? 'application/octet-stream';
  files.set(name, { fileName, mimeType, bytes: Buffer.from(content) });
}

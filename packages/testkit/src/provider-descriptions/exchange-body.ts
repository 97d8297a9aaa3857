import type { Exchange } from '@chatferry/sandbox';

/** A body as the description sees it. */
export interface ReadBody {
  /** Undefined where there is none; `unreadable` says why it cannot be read. */
  readonly value: unknown;
  /** True where values are text: of a form. */
  readonly isText: boolean;
  readonly unreadable?: string;
}

/** The name that stands for the bytes of an uploaded file. */
export const uploadedFile = 'attach://file';

/** Reads the body of a request: JSON, a form, or a form with files. */
export async function readRequestBody({ body, headers }: Pick<Exchange, 'body' | 'headers'>): Promise<ReadBody> {
  const contentType = String(headers['content-type'] ?? '');
  if (body.length === 0) return { value: undefined, isText: false };
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return { value: Object.fromEntries(new URLSearchParams(body.toString('utf8'))), isText: true };
  if (contentType.startsWith('multipart/form-data')) return readForm(body, contentType);
  return readJson(body);
}

export function readJson(body: Buffer): ReadBody {
  if (body.length === 0) return { value: undefined, isText: false };
  try {
    return { value: JSON.parse(body.toString('utf8')), isText: false };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return { value: undefined, isText: false, unreadable: 'is not JSON' };
  }
}

async function readForm(body: Buffer, contentType: string): Promise<ReadBody> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    const fields = [...form].map(([name, value]) => [name, typeof value === 'string' ? value : uploadedFile] as const);
    return { value: Object.fromEntries(fields), isText: true };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return { value: undefined, isText: false, unreadable: `is not a form: ${cause.message}` };
  }
}

import { timingSafeEqual } from 'node:crypto';

/** How long the address of a file can be used, in milliseconds. */
export const linkLifeMs = 60 * 60 * 1000;

/** Makes the address under which anyone gets a file of a message, for `linkLifeMs`. `index` counts its files from 0. */
export type LinkTo = (messageId: number, index: number) => string;

export interface FileLinkDeps {
  /** Makes the signature: the same in every replica. */
  readonly digestOf: (text: string) => Buffer;
  /** The address of the gateway, without a trailing slash. */
  readonly baseUrl: string;
  readonly nowMs: () => number;
}

/** The path of all addresses of files. */
export const fileLinkPath = '/files';

export const linksTo =
  ({ digestOf, baseUrl, nowMs }: FileLinkDeps): LinkTo =>
  (messageId, index) => {
    const what = `${messageId}-${index}-${Math.ceil((nowMs() + linkLifeMs) / 1000)}`;
    return `${baseUrl}${fileLinkPath}/${what}-${signatureOf(digestOf, what).toString('base64url')}`;
  };

export type ReadLink =
  | { readonly kind: 'file'; readonly messageId: number; readonly index: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'forged' };

/** Reads the last segment of an address that `linksTo` made. */
export function readFileLink({ digestOf, nowMs }: Omit<FileLinkDeps, 'baseUrl'>, link: string): ReadLink {
  const parts = /^((\d{1,15})-(\d{1,3})-(\d{1,11}))-([A-Za-z0-9_-]{22})$/.exec(link);
  if (parts === null) return { kind: 'forged' };
  const [, what = '', messageId, index, endsAt, signature = ''] = parts;
  const expected = signatureOf(digestOf, what);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'forged' };
  if (Number(endsAt) * 1000 < nowMs()) return { kind: 'ended' };
  return { kind: 'file', messageId: Number(messageId), index: Number(index) };
}

const signatureOf = (digestOf: FileLinkDeps['digestOf'], what: string): Buffer =>
  digestOf(`file link ${what}`).subarray(0, 16);

/** A file at an address, whose content is for the caller to read to its end, or to leave. */
export interface OpenedFile {
  /** As its server declares it. Not to be trusted. */
  readonly mediaType: string | null;
  /** The last step of the path. Null if there is none. */
  readonly name: string | null;
  /** In bytes. Null if the server does not say. */
  readonly sizeBytes: number | null;
  /** Throws `CutShortError` when it is cut short. To stop early ends the call. */
  readonly content: AsyncIterable<Buffer>;
}

/** Details are parts of a sentence behind the name of the field. */
export type OpenFileOutcome =
  | { readonly kind: 'ok'; readonly file: OpenedFile }
  /** Permanently: there is no file, or its address may not be fetched. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** It may be tried again. */
  | { readonly kind: 'unavailable'; readonly detail: string };

/** Opens an address that came from a caller. One try; never throws for what a network can do. */
export type OpenFile = (url: string, limitMs: number) => Promise<OpenFileOutcome>;

/** The content of a file ended before its end. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
}

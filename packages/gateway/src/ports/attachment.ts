export interface DownloadLimits {
  /** A larger file is not read to its end. */
  readonly maxBytes: number;
  /** Bounds the whole download. */
  readonly limitMs: number;
  /** If no byte comes for this long, the download is given up. Absent: only the whole is bounded. */
  readonly idleLimitMs?: number;
  /**
   * Called once before the content is read, with its size in bytes, or `maxBytes` where the server names none. False refuses
   * it for now: the outcome is `unavailable`.
   */
  readonly admit?: ((bytes: number) => boolean) | undefined;
}

/** The outcome of fetching a file that an agent attached. Details are parts of a sentence, for the agent. */
export type AttachmentOutcome =
  | { readonly kind: 'ok'; readonly content: Buffer }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  /** Permanently: it is gone, or its address may not be fetched. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** It may be tried again. */
  | { readonly kind: 'unavailable'; readonly detail: string };

/** Fetches a file by an address that came from an inbox. One try; never throws for what a network can do. */
export type FetchAttachment = (url: string, limits: DownloadLimits) => Promise<AttachmentOutcome>;

/** The address of a file that the store has, in a wire and for `FetchAttachment`. */
export const storedAddress = (storedId: string): string => `stored:${storedId}`;

/** The id in such an address. Null for every other address. */
export const storedIdIn = (address: string): string | null => /^stored:(fil_[0-9a-z]+)$/.exec(address)?.[1] ?? null;

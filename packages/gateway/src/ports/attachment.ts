export interface DownloadLimits {
  /** A larger file is not read to its end. */
  readonly maxBytes: number;
  readonly limitMs: number;
}

/** What fetching a file that an agent attached came to. Details are parts of a sentence, for the agent. */
export type AttachmentOutcome =
  | { readonly kind: 'ok'; readonly content: Buffer }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  /** For good: it is gone, or its address may not be fetched. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** For now. */
  | { readonly kind: 'unavailable'; readonly detail: string };

/** Fetches a file by an address that came from an inbox. One try; never throws for what a network can do. */
export type FetchAttachment = (url: string, limits: DownloadLimits) => Promise<AttachmentOutcome>;

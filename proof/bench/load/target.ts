/** Something that takes requests. */
export interface Target {
  readonly name: string;
  readonly url: URL;
  /** The status of success. */
  readonly wanted: number;
  /** The whole request number `index`. */
  request(index: number): Buffer;
}

export const addressOf = (url: URL): { readonly host: string; readonly port: number } => ({
  host: url.hostname,
  port: Number(url.port),
});

/** What `setWebhook` set for one bot. */
export interface WebhookSettings {
  readonly url: string;
  /** `''` when there is none. */
  readonly secretToken: string;
  readonly maxConnections: number;
  readonly ipAddress: string;
  /** The certificate that came with `setWebhook`, PEM. */
  readonly certificate?: Buffer;
}

/** The settings of `setWebhook` for one bot. */
export interface WebhookSettings {
  readonly url: string;
  /** `''` when there is none. */
  readonly secretToken: string;
  readonly maxConnections: number;
  readonly ipAddress: string;
  /** The certificate of `setWebhook`, in PEM. */
  readonly certificate?: Buffer;
}

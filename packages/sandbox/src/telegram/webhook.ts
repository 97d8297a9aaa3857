/** A bot's webhook as it was set. */
export interface Webhook {
  readonly url: string;
  readonly secretToken: string;
  readonly maxConnections: number;
  readonly ipAddress: string;
  readonly hasCustomCertificate: boolean;
  close(): void;
}

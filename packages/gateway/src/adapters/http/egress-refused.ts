import { allowedPrivateOriginsEnv } from '../../ports/allowed-private-origins.ts';

/** A connection that the egress policy does not allow. Nothing was dialled. */
export class EgressRefused extends Error {
  /** A sentence for a person. It has the origin, never the rest of the address, which may carry a secret. */
  readonly detail: string;

  constructor(origin: string, reason: string) {
    const detail = `${origin} ${reason} add ${origin} to ${allowedPrivateOriginsEnv} and start the gateway again`;
    super(detail);
    this.detail = detail;
  }
}

export const leadsToPrivateAddress = (origin: string): EgressRefused =>
  new EgressRefused(
    origin,
    'leads into a private network, where the gateway calls only what its settings name. If you run this server,',
  );

export const isNotEncrypted = (origin: string): EgressRefused =>
  new EgressRefused(origin, 'does not begin with https. Use https, or if you run this server,');

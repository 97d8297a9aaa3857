/**
 * What the gateway may call. An origin that the operator configured may have any address, and may do without TLS. Every other
 * one must use https, and only public addresses are dialled for it, however it is written and whatever its name resolves to.
 */
export interface EgressPolicy {
  /** Whether the operator's settings name this origin: scheme, host and port, as `URL.origin` has them. */
  isConfigured(origin: string): boolean;
}

/** The policy that allows these origins. */
export function createEgressPolicy(origins: Iterable<string>): EgressPolicy {
  const configured = new Set(origins);
  return { isConfigured: (origin) => configured.has(origin) };
}

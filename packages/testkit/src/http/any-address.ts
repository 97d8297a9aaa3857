import type { EgressPolicy } from '@chatferry/gateway/internal/adapters/http/egress-policy';

/** For tests whose servers are on this machine, and which are not about what the gateway may call. */
export const anyAddress: EgressPolicy = { isConfigured: () => true };

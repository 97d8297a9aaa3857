import { parseSend, type Validation } from '@chatferry/contract';
import { keyOf, type RequestContext } from './context.ts';
import type { RateLimit } from './rate-limit.ts';

/** Every problem of a send, unknown fields included; sends nothing. */
export function validateTelegramInteractive({ rateLimit }: { readonly rateLimit: RateLimit }) {
  return async (context: RequestContext, { body }: { readonly body: unknown }): Promise<Validation> => {
    rateLimit(keyOf(context));
    const parsed = parseSend(body, { strict: true });
    return parsed.ok ? { valid: true, problems: [] } : { valid: false, problems: [...parsed.details] };
  };
}

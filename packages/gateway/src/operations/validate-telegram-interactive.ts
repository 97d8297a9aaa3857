import { parseSend, type Validation } from '@chatferry/contract';
import type { RequestContext } from './context.ts';

/** Lists every problem of a send, unknown fields included. Sends nothing. */
export async function validateTelegramInteractive(
  _context: RequestContext,
  { body }: { readonly body: unknown },
): Promise<Validation> {
  const parsed = parseSend(body, { strict: true });
  return parsed.ok ? { valid: true, problems: [] } : { valid: false, problems: [...parsed.details] };
}

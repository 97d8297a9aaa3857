import type { SendMessage } from '@chatferry/contract';
import { invalidValue } from '../api-error.ts';

/** Refuses what this version does not carry out yet, so that nothing is left out unnoticed. */
export function assertCarried({ send_at: at }: SendMessage): void {
  if (at !== undefined)
    throw invalidValue('/send_at', 'send_at must be left out: this version of the gateway does not have it.');
}

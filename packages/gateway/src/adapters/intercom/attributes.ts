import type { InboxOutcome } from '../../ports/inbox.ts';
import { asRepeatable, type Refusal } from './classify.ts';
import type { IntercomClient } from './client.ts';
import { contactAttributes, encodeAttribute } from './encode.ts';

/** Creates the contact attributes; those that exist already are well. */
export async function ensureAttributes(client: IntercomClient): Promise<InboxOutcome<true>> {
  for (const name of contactAttributes) {
    const outcome = await client.post('/data_attributes', encodeAttribute(name), 'account');
    if (outcome.kind === 'ok' || (outcome.kind === 'rejected' && existsAlready(outcome))) continue;
    return asRepeatable(outcome);
  }
  return { kind: 'ok', value: true };
}

/** Whether a contact was refused because one of its attributes is not there yet. */
export const namesAttribute = (refusal: Refusal): boolean =>
  /custom.?attribute/i.test(refusal.message) || contactAttributes.some((name) => refusal.message.includes(name));

/** Intercom: "You already have 'X' in your contact data. To save this as new contact data, use a different name." */
const existsAlready = (refusal: Refusal): boolean =>
  refusal.status === 409 || /already (have|exists|taken)/i.test(refusal.message);

import { createSlots } from '../../engine/lanes/slots.ts';
import type { PersonCredentials } from '../../ports/person-credentials.ts';

/** Each digest of a password takes 128 MiB: many attempts at once must not fill the memory. */
const digestsAtOnce = 2;

/** The same credentials; the slow digests wait for each other. */
export function limitHashing(credentials: PersonCredentials): PersonCredentials {
  const slots = createSlots(digestsAtOnce);
  return {
    ...credentials,
    digestOfPassword: (password) => slots.run(() => credentials.digestOfPassword(password)),
    isPasswordOf: (digest, password) => slots.run(() => credentials.isPasswordOf(digest, password)),
  };
}

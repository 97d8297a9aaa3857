import { type RequestContext, requirePrincipal } from '../context.ts';
import type { Device } from './devices.ts';
import type { Door } from './door.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** A caller who has not proven who it is. */
export type Visitor = Pick<RequestContext, 'address' | 'sharesAddress' | 'device' | 'userAgent'>;

/** The door of a caller who claims to have the account, and the known browser, if it is one of that account. */
export async function findDoor(
  { devices, store }: Pick<SignInDeps, 'devices' | 'store'>,
  { address, sharesAddress, device: cookie }: Visitor,
  email: string,
): Promise<{ readonly door: Door; readonly device: Device | null }> {
  const device = devices.open(cookie);
  const person = device === null ? null : await store.people.read(device.personId);
  if (device !== null && person?.email === email && person.deviceVersion === device.version)
    return { door: { kind: 'known', id: `device:${device.id}`, personId: person.id, address }, device };
  return { door: { kind: 'stranger', address, sharesAddress, account: email }, device: null };
}

/** The door of a person in a live session: failures of others cannot lock it. */
export const doorOfSession = (context: Pick<RequestContext, 'sessionId' | 'principal' | 'address'>): Door => ({
  kind: 'known',
  id: `session:${context.sessionId}`,
  personId: requirePrincipal(context).id,
  address: context.address,
});

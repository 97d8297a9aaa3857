import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '../../ports/clock.ts';
import type { PersonRecord } from '../../store/people.ts';

/** How long a browser stays known after a sign-in. Browsers keep a cookie for at most 400 days (RFC 6265bis). */
export const deviceLifeMs = 400 * 86_400_000;

/** What a device cookie says. */
export interface Device {
  readonly id: string;
  readonly personId: string;
}

/** Recognises the browsers in which a person has signed in before. */
export interface Devices {
  /** The cookie for the browser of a person who has just signed in. It keeps the id of the one that the browser had. */
  issue(person: Pick<PersonRecord, 'id' | 'deviceVersion'>, known: Device | null): string;
  /** Null for a cookie that was not made here or is too old. Needs no database, so that a forged one costs nothing. */
  open(cookie: string | null): (Device & { readonly version: number }) | null;
}

const fieldsOf = (cookie: string): readonly string[] => cookie.split('.');

/**
 * `key` signs the cookies. It is the same in every replica. A cookie names the person and the version of the person's devices: it
 * is worth nothing for another account, and ends with the password or the rights.
 */
export function createDevices({
  key,
  clock,
  random,
}: {
  readonly key: Buffer;
  readonly clock: Clock;
  readonly random: Random;
}): Devices {
  const sign = (signed: string): string => createHmac('sha256', key).update(signed).digest('base64url');
  return {
    issue({ id, deviceVersion }, known) {
      const device = known?.personId === id ? known.id : random.bytes(16).toString('base64url');
      const signed = [id, device, deviceVersion, Math.floor(clock.nowMs() / 1_000)].join('.');
      return `${signed}.${sign(signed)}`;
    },
    open(cookie) {
      if (cookie === null) return null;
      const [personId = '', id = '', version = '', issued = '', given = ''] = fieldsOf(cookie);
      const expected = Buffer.from(sign([personId, id, version, issued].join('.')));
      const presented = Buffer.from(given);
      if (expected.length !== presented.length || !timingSafeEqual(expected, presented)) return null;
      if (clock.nowMs() >= Number(issued) * 1_000 + deviceLifeMs) return null;
      return { id, personId, version: Number(version) };
    },
  };
}

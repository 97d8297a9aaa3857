import { Secret, TOTP } from 'otpauth';

/** RFC 6238 with what every authenticator app takes: SHA-1, six digits, 30 seconds; a code counts a step before and after, too. */
const periodSeconds = 30;
const window = 1;

const totpOf = (secret: string, email: string): TOTP =>
  new TOTP({
    issuer: 'Chatferry',
    label: email,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
  });

export function newTwoFactor(email: string): { readonly secret: string; readonly uri: string } {
  const secret = new Secret({ size: 20 }).base32;
  return { secret, uri: totpOf(secret, email).toString() };
}

/** The step that the code belongs to, so that it counts once; null if it fits none. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | null {
  const delta = totpOf(secret, '').validate({ token: code, window, timestamp: nowMs });
  return delta === null ? null : Math.floor(nowMs / 1_000 / periodSeconds) + delta;
}

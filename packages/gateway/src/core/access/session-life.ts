/** A session ends after this much time without use (OWASP ASVS 5.0, 7.3). */
export const sessionIdleMs = 30 * 60_000;
/** Every session ends after this much time, used or not. */
export const sessionLifeMs = 12 * 3_600_000;

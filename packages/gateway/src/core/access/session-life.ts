/** A session that is not used for this long is over, and every one after this long (OWASP ASVS 5.0, 7.3). */
export const sessionIdleMs = 30 * 60_000;
export const sessionLifeMs = 12 * 3_600_000;

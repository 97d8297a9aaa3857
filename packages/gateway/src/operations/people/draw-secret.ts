import type { Random } from '../../ports/clock.ts';

const secretBytes = 32;

/** Draws a secret of 256 bits, written as base64url. */
export const drawSecret = (random: Random, prefix = ''): string =>
  `${prefix}${Buffer.from(random.bytes(secretBytes)).toString('base64url')}`;

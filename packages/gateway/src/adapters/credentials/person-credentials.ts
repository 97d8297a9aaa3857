import type { PersonCredentials } from '../../ports/person-credentials.ts';
import { weaknessOf } from './known-passwords.ts';
import { digestOfPassword, isPasswordOf, standardCostBits } from './passwords.ts';
import { newTwoFactor, stepOfCode } from './two-factor.ts';

/** `costBits` is the cost of one password digest, see `standardCostBits`. */
export const createPersonCredentials = (costBits = standardCostBits): PersonCredentials => ({
  digestOfPassword: (password) => digestOfPassword(password, costBits),
  isPasswordOf: (digest, password) => isPasswordOf(digest, password, costBits),
  weaknessOf,
  newTwoFactor,
  stepOfCode,
});

import type { PersonCredentials } from '../../ports/person-credentials.ts';
import { weaknessOf } from './known-passwords.ts';
import { digestOfPassword, isPasswordOf } from './passwords.ts';
import { newTwoFactor, stepOfCode } from './two-factor.ts';

export const personCredentials: PersonCredentials = {
  digestOfPassword,
  isPasswordOf,
  weaknessOf,
  newTwoFactor,
  stepOfCode,
};

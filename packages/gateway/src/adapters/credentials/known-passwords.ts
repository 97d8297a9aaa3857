import { dictionary } from '@zxcvbn-ts/language-common';

/** The passwords that leaks showed most often, in lower case. */
const known = new Set(dictionary['passwords-common']);

/** Why a password is not accepted; null if it is accepted. */
export function weaknessOf(
  password: string,
  { email, name }: { readonly email: string; readonly name: string },
): string | null {
  const lower = password.toLowerCase();
  const bare = lower.replace(/(?<![^a-z])[^a-z]+$/, '');
  if (known.has(lower) || (bare.length > 3 && known.has(bare))) {
    return 'password must be none that many people use: this one, or its beginning, is in lists of leaked passwords. Take a few words that do not belong together.';
  }
  if (new Set(lower).size < 5) return 'password must have at least five different characters.';
  const own = [email, email.split('@')[0] ?? '', name]
    .map((text) => text.toLowerCase())
    .filter((text) => text.length > 3);
  if (own.some((text) => lower.includes(text))) return 'password must not contain the name or the e-mail address.';
  return null;
}

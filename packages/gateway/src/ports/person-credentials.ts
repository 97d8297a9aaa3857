/** Checks of passwords and one-time codes. */
export interface PersonCredentials {
  /** The digest that is stored in place of a password. Slow, and needs 128 MiB. */
  digestOfPassword(password: string): Promise<string>;
  /** Takes the same time whether there is a digest or not. Slow, and needs 128 MiB. */
  isPasswordOf(digest: string | null, password: string): Promise<boolean>;
  /** Why a password is too weak, as a sentence; null if it is not. */
  weaknessOf(password: string, person: { readonly email: string; readonly name: string }): string | null;
  /** A secret for an authenticator app, and the address that the app scans. */
  newTwoFactor(email: string): { readonly secret: string; readonly uri: string };
  /** The time step of the code, so that it counts only once; null if it belongs to no step near `nowMs`. */
  stepOfCode(secret: string, code: string, nowMs: number): number | null;
}

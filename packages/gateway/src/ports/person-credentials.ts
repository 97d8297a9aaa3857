/** What people prove by who they are. */
export interface PersonCredentials {
  /** What is stored of a password. Slow, and takes 128 MiB. */
  digestOfPassword(password: string): Promise<string>;
  /** Takes the same time whether there is a digest or not. Slow, and takes 128 MiB. */
  isPasswordOf(digest: string | null, password: string): Promise<boolean>;
  /** Why a password will not do, as a sentence; null where it does. */
  weaknessOf(password: string, person: { readonly email: string; readonly name: string }): string | null;
  /** A secret for an authenticator app, and the same as what the app scans. */
  newTwoFactor(email: string): { readonly secret: string; readonly uri: string };
  /** The step that the code belongs to, so that it counts once; null where it fits none near now. */
  stepOfCode(secret: string, code: string, nowMs: number): number | null;
}

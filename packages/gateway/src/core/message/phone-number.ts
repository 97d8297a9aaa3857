/**
 * The number of a Telegram account in the form of E.164: a plus sign and digits. Telegram's accounts have international
 * numbers, and some clients leave the sign out (Bot API, `Contact`). A text without digits is returned as it is.
 */
export function accountNumber(shared: string): string {
  const digits = shared.replace(/\D+/g, '');
  return digits === '' ? shared : `+${digits}`;
}

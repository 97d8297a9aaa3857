/**
 * An e-mail address in the form in which it is stored and compared: ASCII, in lower case. Null for an address with other
 * characters. Unicode has letters that become ASCII in lower case, such as the Kelvin sign (U+212A), so an address with
 * one of them would pass as another person's.
 */
export const comparableEmail = (address: string): string | null =>
  /^[\x21-\x7e]+$/.test(address) ? address.toLowerCase() : null;

/** Where a link leads, as far as a customer can follow it. */
export type Link =
  | { readonly kind: 'web'; readonly url: string }
  /** A mail address or a number, to be read rather than followed. */
  | { readonly kind: 'address'; readonly address: string };

export function linkOf(href: string): Link | null {
  const url = webAddress(href);
  if (url !== null) return { kind: 'web', url };
  const address = /^\s*(?:mailto|tel):([^?\s]+)/i.exec(href)?.[1];
  return address === undefined ? null : { kind: 'address', address: decodePercent(address) };
}

/** The http or https address in its one form, or null if it is none. */
export function webAddress(text: string): string | null {
  if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { href, protocol } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Where a link leads, as far as a customer can follow it. */
export type Link =
  /** What may be a link of its own. Whether it is one, the channel decides. */
  | { readonly kind: 'web'; readonly url: string; readonly written: string }
  /** A mail address, a number or another address, to be read rather than followed. */
  | { readonly kind: 'address'; readonly address: string }
  /** What exists only where the reply was written. */
  | { readonly kind: 'unreachable' };

/** Null if it leads nowhere: an empty address, a place on the same page, or a script. */
export function linkOf(href: string): Link | null {
  const written = withoutLineBreaks(href);
  if (/^(?:#|$|(?:javascript|vbscript|about):)/i.test(written)) return null;
  if (/^(?:data|blob|cid):/i.test(written)) return { kind: 'unreachable' };
  const address = /^(?:mailto|tel):([^?\s]+)/i.exec(written)?.[1];
  if (address !== undefined) return { kind: 'address', address: decodePercent(address) };
  if (/^tg:(?:\/\/)?[^\s/]/i.test(written)) return { kind: 'web', url: written, written };
  const complete = withScheme(written);
  const url = webAddress(complete);
  return url === null ? { kind: 'address', address: written } : { kind: 'web', url, written: complete };
}

/** The http or https address in its one form, or null if it is none. */
export function webAddress(text: string): string | null {
  if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { href, protocol } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

/** Whether words are a web address, in full or without its scheme: then it need not be written beside them. */
export const saysAddress = (words: string, url: string): boolean =>
  words.includes(url) ||
  (webAddress(url) !== null &&
    ['', 'https://', 'http://'].some((scheme) => webAddress(scheme + words) === webAddress(url)));

/** As a browser reads an address: https://url.spec.whatwg.org/#concept-basic-url-parser. */
const withoutLineBreaks = (href: string): string => href.replace(/[\t\r\n]+/g, '').trim();

/** An address without a scheme that can only mean a web page: `//cdn.example.com/x`, `www.example.com`. */
function withScheme(address: string): string {
  if (/^\/\/[^/\s]/.test(address)) return `https:${address}`;
  return /^www\.[^\s/.]/i.test(address) ? `https://${address}` : address;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

import type { Omission } from '../../core/inbox/omission.ts';
import { cleanText } from './clean-text.ts';
import type { Attributes } from './html-elements.ts';
import { webAddress } from './link.ts';

/** An image that was inside the text. */
export interface InlineImage {
  /** http, https, or data with the bytes themselves. */
  readonly url: string;
  readonly name: string | null;
  readonly mediaType: string | null;
}

/** What an `img` element means for the customer. */
export type ReadImage =
  | { readonly kind: 'image'; readonly image: InlineImage }
  /** Editors set emoji as small images; the character itself says the same. */
  | { readonly kind: 'emoji'; readonly text: string }
  /** It cannot be had. `words` are said in its place. */
  | { readonly kind: 'omitted'; readonly words: string; readonly omission: Omission }
  /** Invisible on purpose: a counter of readers, or a spacer. */
  | { readonly kind: 'unseen' };

export function readImage(attributes: Attributes): ReadImage {
  const alternative = cleanText(attributes['alt'] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  if (/^\p{Extended_Pictographic}.{0,14}$/u.test(alternative)) return { kind: 'emoji', text: alternative };
  if (isUnseen(attributes)) return { kind: 'unseen' };
  const sources = sourcesOf(attributes);
  for (const source of sources) {
    const image = imageAt(source, alternative);
    if (image !== null) return { kind: 'image', image };
  }
  const [address = ''] = sources;
  if (address === '' && alternative === '') return { kind: 'unseen' };
  return { kind: 'omitted', words: alternative, omission: omissionOf(alternative, address) };
}

/** The addresses of an image, best first. Pages that load their images late have a spacer in `src`. */
function sourcesOf(attributes: Attributes): readonly string[] {
  const late = attributes['data-src'] ?? '';
  const first = (attributes['srcset'] ?? '').trim().split(/\s/, 1)[0] ?? '';
  const given = [late, attributes['src'] ?? '', first].map((source) => source.trim());
  return given.filter((source) => source !== '' && !isSpacer(source));
}

function imageAt(source: string, alternative: string): InlineImage | null {
  const name = alternative === '' ? null : alternative;
  const mediaType = /^data:(image\/[\w.+-]{1,40})[;,]/i.exec(source)?.[1]?.toLowerCase();
  if (mediaType !== undefined) return { url: source, name, mediaType };
  const url = webAddress(source.startsWith('//') ? `https:${source}` : source);
  return url === null ? null : { url, name: fileNameIn(url) ?? name, mediaType: null };
}

function fileNameIn(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return /^[\w.-]+\.[a-z0-9]{2,5}$/i.test(last) ? last : null;
}

/** A GIF of one pixel, as pages put it where an image loads later. */
const isSpacer = (source: string): boolean => /^data:image\/gif;base64,R0lGODlhAQABA/i.test(source);

function isUnseen(attributes: Attributes): boolean {
  const style = attributes['style'] ?? '';
  const isDot = (side: string | undefined): boolean => side !== undefined && /^\s*[01](?:px)?\s*$/i.test(side);
  return (
    Object.hasOwn(attributes, 'hidden') ||
    isDot(attributes['width']) ||
    isDot(attributes['height']) ||
    /\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i.test(style) ||
    /(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!\s*important\s*)?(?:;|$)/i.test(style)
  );
}

const addressShownMax = 80;

function omissionOf(alternative: string, address: string): Omission {
  const shown = address.length > addressShownMax ? `${address.slice(0, addressShownMax)}…` : address;
  return {
    what: alternative === '' ? `the image ${cleanText(shown)}` : `the image “${alternative}”`,
    why: 'its address leads nowhere outside the inbox; please attach it as a file',
  };
}

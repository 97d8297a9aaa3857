/** How much of a file is searched for control characters. */
const textSampleBytes = 4_096;
const unknownType = 'application/octet-stream';

interface Signature {
  readonly mediaType: string;
  readonly at: number;
  readonly bytes: Buffer;
}

const signature = (mediaType: string, bytes: string, at = 0): Signature => ({
  mediaType,
  at,
  bytes: Buffer.from(bytes, 'latin1'),
});

/** The first bytes of the usual file types. The first match counts. */
const signatures: readonly Signature[] = [
  signature('image/jpeg', '\xff\xd8\xff'),
  signature('image/png', '\x89PNG\r\n\x1a\n'),
  signature('image/gif', 'GIF87a'),
  signature('image/gif', 'GIF89a'),
  signature('image/webp', 'WEBP', 8),
  signature('image/tiff', 'II*\x00'),
  signature('image/tiff', 'MM\x00*'),
  signature('image/avif', 'ftypavif', 4),
  signature('image/heic', 'ftyphei', 4),
  signature('image/heic', 'ftypmif1', 4),
  signature('audio/ogg', 'OggS'),
  signature('audio/mpeg', 'ID3'),
  signature('audio/mpeg', '\xff\xfb'),
  signature('audio/mpeg', '\xff\xf3'),
  signature('audio/mpeg', '\xff\xf2'),
  signature('audio/flac', 'fLaC'),
  signature('audio/wav', 'WAVE', 8),
  signature('audio/aac', '\xff\xf1'),
  signature('audio/aac', '\xff\xf9'),
  signature('audio/amr', '#!AMR'),
  signature('audio/mp4', 'ftypM4A', 4),
  signature('video/x-msvideo', 'AVI ', 8),
  signature('video/quicktime', 'ftypqt', 4),
  signature('video/mp4', 'ftyp', 4),
  signature('video/webm', '\x1a\x45\xdf\xa3'),
  signature('application/pdf', '%PDF-'),
  signature('application/zip', 'PK\x03\x04'),
  signature('application/gzip', '\x1f\x8b'),
  signature('application/vnd.rar', 'Rar!\x1a\x07'),
  signature('application/x-7z-compressed', "7z\xbc\xaf'\x1c"),
];

/** Formats that begin like a more general one. The declared type counts if it is one of them. */
const containers: Readonly<Record<string, RegExp>> = {
  'application/zip': /^application\/(vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.|epub\+zip$)/,
  'video/mp4': /^(video|audio)\/(mp4|3gpp|x-m4v|x-m4a)$/,
  'video/webm': /^(video|audio)\/(webm|x-matroska)$/,
  'audio/ogg': /^(audio|video)\/(ogg|opus)$/,
};

/** Text types that no browser executes. HTML, SVG and scripts count as plain text. */
const harmlessText = /^(text\/(plain|csv|calendar|vcard|markdown|tab-separated-values)|application\/json)$/;

/**
 * The media type of a file, by its bytes. The type that the sender's app declared counts only if the bytes allow it, and the
 * name never counts: an inbox may show the file to an agent, in a browser, under the inbox's own address.
 */
export function mediaTypeOf(content: Buffer, declared: string | null): string {
  const claimed = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = signatures.find(({ at, bytes }) => content.subarray(at, at + bytes.length).equals(bytes));
  if (found) return containers[found.mediaType]?.test(claimed) === true ? claimed : found.mediaType;
  if (!looksLikeText(content)) return unknownType;
  return harmlessText.test(claimed) ? claimed : 'text/plain';
}

/** Bytes that are not UTF-8 decode to the replacement character. */
const isUtf8 = (content: Buffer): boolean => !new TextDecoder().decode(content).includes('\ufffd');

/** UTF-8 without control characters at its beginning. */
function looksLikeText(content: Buffer): boolean {
  if (content.length === 0 || !isUtf8(content)) return false;
  return content.subarray(0, textSampleBytes).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** The extensions of each type, the usual one first. */
const endings: Readonly<Record<string, readonly [usual: string, ...others: readonly string[]]>> = {
  'image/jpeg': ['.jpg', '.jpeg', '.jpe', '.jfif'],
  'image/png': ['.png', '.apng'],
  'image/gif': ['.gif'],
  'image/webp': ['.webp'],
  'image/tiff': ['.tif', '.tiff'],
  'image/avif': ['.avif'],
  'image/heic': ['.heic', '.heif'],
  'audio/ogg': ['.ogg', '.oga', '.opus', '.spx'],
  'audio/mpeg': ['.mp3', '.mp2', '.mpga'],
  'audio/mp4': ['.m4a', '.m4b', '.m4r', '.mp4'],
  'audio/wav': ['.wav'],
  'audio/aac': ['.aac'],
  'audio/amr': ['.amr'],
  'audio/flac': ['.flac'],
  'video/mp4': ['.mp4', '.m4v', '.m4a'],
  'video/webm': ['.webm', '.mkv'],
  'video/x-matroska': ['.mkv'],
  'video/3gpp': ['.3gp', '.3gpp'],
  'video/quicktime': ['.mov', '.qt'],
  'video/x-msvideo': ['.avi'],
  'application/pdf': ['.pdf', '.ai'],
  'application/zip': ['.zip'],
  'application/gzip': ['.gz', '.tgz'],
  'application/vnd.rar': ['.rar'],
  'application/x-7z-compressed': ['.7z'],
  'application/json': ['.json'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['.pptx'],
  'application/vnd.oasis.opendocument.text': ['.odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['.ods'],
  'application/vnd.oasis.opendocument.presentation': ['.odp'],
  'application/epub+zip': ['.epub'],
  'text/plain': ['.txt'],
  'text/csv': ['.csv'],
  'text/calendar': ['.ics'],
  'text/vcard': ['.vcf'],
  'text/markdown': ['.md'],
  'text/tab-separated-values': ['.tsv'],
};

/** The usual extension of a file of this type. Empty if there is none. */
export const endingOf = (mediaType: string): string => endings[mediaType]?.[0] ?? '';

/**
 * Types that files of many formats have: a program is plain text, a `.pages` document is a ZIP, and a camera's raw
 * picture is a TIFF.
 */
const general = /^(?:text\/.*|application\/(?:zip|json|gzip)|image\/tiff|video\/(?:mp4|webm)|audio\/ogg)$/;

/**
 * Whether this end of a name, with its dot, is the extension of a file of this type. Every other end is a part of the
 * name: “05.2026”, “v1.2”, “Dr.Smith”.
 */
export function fitsEnding(ending: string, mediaType: string): boolean {
  const known = endings[mediaType];
  if (known?.includes(ending.toLowerCase())) return true;
  // Of a type without a usual extension nothing better is known.
  return (known === undefined || general.test(mediaType)) && looksLikeEnding(ending);
}

/** Whether this is the extension of another type of the same family: of a PNG while the file is a JPEG. */
export function isSiblingEnding(ending: string, mediaType: string): boolean {
  const family = /^(?:image|audio|video)\//.exec(mediaType)?.[0];
  if (family === undefined) return false;
  const siblings = Object.entries(endings).filter(([type]) => type.startsWith(family));
  return siblings.some(([, known]) => known.includes(ending.toLowerCase()));
}

/** In one case, with a letter. */
const looksLikeEnding = (ending: string): boolean =>
  /^\.(?=[0-9]*[a-z])[a-z0-9]{1,10}$/.test(ending) || /^\.(?=[0-9]*[A-Z])[A-Z0-9]{1,10}$/.test(ending);

import type { SentMediaKind } from '@chatferry/contract';
import type { Wire } from '../../ports/channel.ts';
import { asList, asObject, asText } from './untrusted.ts';

/** A file in a wire: where it is, never what it is. */
export interface WireFile {
  readonly url: string;
  readonly name: string | null;
  readonly media_type: string | null;
  /** Telegram refused it as what its bytes are. */
  readonly as_document?: true;
}

/** A file of a message of the API in a wire: the store has its bytes. */
export interface WireUpload {
  /** The field of the form. */
  readonly field: string;
  readonly stored: string;
  readonly media: SentMediaKind;
  readonly name: string | null;
  readonly media_type: string | null;
}

/** The files that a wire names; none for a message whose files Telegram has already. */
export const uploadsOnWire = (wire: Wire): readonly WireUpload[] =>
  asList(wire['uploads']).flatMap((upload) => (asObject<WireUpload>(upload) as WireUpload | null) ?? []);

/** The file that a wire names; null for a wire of words alone. */
export function fileOnWire(wire: Wire): WireFile | null {
  const file = asObject<WireFile>(wire['file']);
  const url = asText(file?.url);
  if (!file || url === null) return null;
  const way = file.as_document === true ? { as_document: true as const } : {};
  return { url, name: asText(file.name), media_type: asText(file.media_type), ...way };
}

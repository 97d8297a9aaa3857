import type { Message } from '@chatferry/contract';
import { filesOf } from '../../core/inbox/files.ts';
import type { InboundContent, OutboundContent, SharedFile } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';

type Shared = Pick<Message, 'files' | 'location' | 'contact' | 'tap'>;

const nothing: Shared = { files: [], location: null, contact: null, tap: null };

/** What a message shares beside words. */
export function showShared(content: OutboundContent | InboundEvent): Shared {
  if (!('author' in content)) return nothing;
  const shared = content.content;
  switch (shared.kind) {
    case 'contact':
      return { ...nothing, contact: showContact(shared) };
    case 'location':
      return { ...nothing, location: showLocation(shared) };
    case 'tap':
      return { ...nothing, tap: { button: shared.label, data: shared.data, message_id: null } };
    default:
      return { ...nothing, files: filesOf(shared).map(showFile) };
  }
}

const showContact = (contact: Extract<InboundContent, { readonly kind: 'contact' }>): Message['contact'] => ({
  phone_number: contact.phone,
  first_name: contact.firstName ?? contact.name,
  last_name: contact.lastName ?? null,
  is_own: contact.own,
});

const showLocation = (place: Extract<InboundContent, { readonly kind: 'location' }>): Message['location'] => ({
  latitude: place.latitude,
  longitude: place.longitude,
  title: place.name ?? null,
  address: place.address ?? null,
  is_live: place.live !== undefined,
});

const showFile = (file: SharedFile): Message['files'][number] => ({
  kind: file.media === 'video-note' ? 'video_note' : file.media,
  file_name: file.name,
  media_type: file.mediaType,
  size_bytes: file.sizeBytes,
  url: null,
});

import type { Message } from '@chatferry/contract';
import { filesOf } from '../../core/inbox/files.ts';
import type { InboundContent, OutboundContent, SentFile, SharedByUs, SharedFile } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import { givenData } from '../../core/message/tap-data.ts';

type Shared = Pick<Message, 'files' | 'location' | 'contact' | 'poll' | 'tap'>;

const nothing: Shared = { files: [], location: null, contact: null, poll: null, tap: null };

/** What a message shares beside words. */
export function showShared(content: OutboundContent | InboundEvent, linkTo: (index: number) => string): Shared {
  if (!('author' in content)) return showSent(content);
  const shared = content.content;
  switch (shared.kind) {
    case 'contact':
      return { ...nothing, contact: showContact(shared) };
    case 'location':
      return { ...nothing, location: showLocation(shared) };
    case 'tap':
      return {
        ...nothing,
        tap: { button: shared.label, data: tappedData(shared), message_id: shared.messageId ?? null },
      };
    default:
      return { ...nothing, files: filesOf(shared).map((file, index) => showFile(file, linkTo(index))) };
  }
}

/** What earlier versions stored has no value apart. */
export const tappedData = (tap: Extract<InboundContent, { readonly kind: 'tap' }>): unknown =>
  tap.value === undefined ? givenData({ data: tap.data }) : tap.value;

function showSent({ shared, files = [] }: OutboundContent): Shared {
  const shown = { ...nothing, files: files.map(showSentFile) };
  switch (shared?.kind) {
    case 'location':
    case 'venue':
      return { ...shown, location: showSentPlace(shared) };
    case 'contact': {
      const { phone, firstName, lastName } = shared;
      return {
        ...shown,
        contact: { phone_number: phone, first_name: firstName, last_name: lastName, is_own: false },
      };
    }
    default:
      return { ...shown, poll: shared === undefined ? null : showPoll(shared) };
  }
}

const showSentPlace = (place: Extract<SharedByUs, { readonly latitude: number }>): Message['location'] => ({
  latitude: place.latitude,
  longitude: place.longitude,
  title: place.kind === 'venue' ? place.title : null,
  address: place.kind === 'venue' ? place.address : null,
  is_live: false,
});

const showPoll = ({ question, options, correctOption }: Extract<SharedByUs, { readonly kind: 'poll' }>) => ({
  question,
  options: [...options],
  correct_option: correctOption,
});

export const showSentFile = ({ media, name, mediaType, sizeBytes }: SentFile): Message['files'][number] => ({
  kind: media,
  file_name: name,
  media_type: mediaType,
  size_bytes: sizeBytes,
  url: null,
});

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

const showFile = (file: SharedFile, url: string): Message['files'][number] => ({
  kind: file.media === 'video-note' ? 'video_note' : file.media,
  file_name: file.name,
  media_type: file.mediaType,
  size_bytes: file.sizeBytes,
  url,
});

import type { Message, Poll, PollMedia, PollOption, Venue } from '@grammyjs/types';
import type { InboundContent, MediaKind, MessagePart } from '../../core/message/content.ts';
import { markText } from '../../core/message/mark-text.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { asDescription } from './as-description.ts';
import { plainText } from './formatting.ts';
import { namedFileOf, photoFileOf } from './shared-file.ts';
import { asList, asNumber, asObject, asText, type Untrusted } from './untrusted.ts';

/** A poll that a customer sent: its words, and the files, places and links that it and its options have. */
export function pollContent(value: unknown): InboundContent | null {
  const poll = asObject<Poll>(value);
  const question = plainText(poll?.question, poll?.question_entities);
  if (!poll || question === null) return null;
  const description = plainText(poll.description, poll.description_entities);
  const options = asList(poll.options).flatMap((option) => asObject<PollOption>(option) ?? []);
  const explanation = plainText(poll.explanation, poll.explanation_entities);
  const lines = [
    ...(description === null ? [] : [description]),
    question,
    ...options.flatMap(({ text, text_entities }) => plainText(text, text_entities) ?? []).map((text) => `– ${text}`),
    ...(explanation === null ? [] : [explanation]),
  ];
  const shared = [poll.media, ...options.map(({ media }) => media), poll.explanation_media].flatMap(mediaParts);
  const mark = markText`sent a poll`;
  if (shared.length === 0) return asDescription(lines.join('\n'), mark);
  return { kind: 'composed', parts: [{ kind: 'words', text: lines.join('\n') }, ...shared, { kind: 'remark', mark }] };
}

const fileFields = {
  animation: 'animation',
  audio: 'audio',
  document: 'document',
  sticker: 'sticker',
  video: 'video',
} as const satisfies Partial<Record<keyof PollMedia, MediaKind>>;

function mediaParts(value: unknown): readonly MessagePart[] {
  const media = asObject<PollMedia>(value);
  if (media === null) return [];
  const still = asObject<Message.LivePhotoMessage['live_photo']>(media.live_photo)?.photo;
  const files = [
    photoFileOf(media.photo ?? still),
    ...Object.entries(fileFields).map(([field, kind]) => namedFileOf(kind, media[field as keyof PollMedia])),
  ];
  const url = asText(asObject<{ url: string }>(media.link)?.url);
  return [
    ...files.flatMap((file): readonly MessagePart[] => (file === null ? [] : [{ kind: 'file', file }])),
    ...placeParts(media),
    ...(url === null ? [] : [{ kind: 'words', text: url } as const]),
  ];
}

function placeParts({ location, venue }: Untrusted<PollMedia>): readonly MessagePart[] {
  const place = asObject<Venue>(venue);
  const at = asObject<{ latitude: number; longitude: number }>(location ?? place?.location);
  const latitude = asNumber(at?.latitude);
  const longitude = asNumber(at?.longitude);
  if (latitude === null || longitude === null) return [];
  const words = [place?.title, place?.address].flatMap((line) => visibleName(asText(line)) ?? []).join('\n');
  return [...(words === '' ? [] : [{ kind: 'words', text: words } as const]), { kind: 'place', latitude, longitude }];
}

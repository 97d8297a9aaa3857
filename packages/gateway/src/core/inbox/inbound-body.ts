import type { InboundContent, LiveLocation, MessagePart, SharedFile } from '../message/content.ts';
import type { Chat, InboundEvent } from '../message/inbound.ts';
import {
  joinMarks,
  type MarkText,
  markText,
  providerWords,
  quoted,
  withoutMarkSign,
  withoutMarkSigns,
} from '../message/mark-text.ts';
import { contactLines } from './contact-lines.ts';
import type { EntryBlock, EntryBody, EntryExtra } from './entry.ts';
import { describeFiles, filesOf, fileText, nameWithSize } from './files.ts';

/**
 * How an action of the customer is shown in the inbox. `buttonLabel` is the label of the button that a suggested reply came
 * from, if a recent message to that chat offers it.
 */
export function bodyOfInbound(event: InboundEvent, buttonLabel: string | null): EntryBody {
  const said = saidBlocks(event.content, buttonLabel);
  const { chat, forwardedFrom, via, content } = event;
  const author =
    chat.kind === 'private' || isReport(content)
      ? []
      : [mark(markText`${quoted(event.author.name)} in ${placeOf(chat)}:`)];
  const forwarded = forwardedFrom === undefined ? [] : [mark(markText`forwarded from ${quoted(forwardedFrom)}`)];
  const throughBot = via === undefined ? [] : [mark(markText`via the bot ${quoted(`@${via}`)}`)];
  const edited = event.editedAtMs === null || isLive(content) ? [] : [mark(markText`edited`)];
  return {
    blocks: [...author, ...quoteOf(event.answers), ...forwarded, ...said, ...throughBot, ...edited],
    extras: extrasOf(content),
  };
}

const placeOf = ({ title, topicTitle }: Chat): MarkText =>
  joinMarks(topicTitle === undefined ? [quoted(title)] : [quoted(title), quoted(topicTitle)], ' › ');

const mark = (text: MarkText): EntryBlock => ({ kind: 'mark', text });

const isLive = (content: InboundContent): boolean => content.kind === 'location' && content.live !== undefined;

function quoteOf(answers: InboundEvent['answers']): readonly EntryBlock[] {
  if (answers === null) return [];
  const { excerpt, noun, from } = answers;
  const author = from === undefined ? [] : [mark(markText`answers ${quoted(from)}`)];
  const kind = noun === undefined ? [] : [mark(markText`answers: ${providerWords(noun)}`)];
  return [...author, ...kind, ...(excerpt === '' ? [] : [{ kind: 'quote', text: excerpt } as const])];
}

function saidBlocks(content: InboundContent, buttonLabel: string | null): readonly EntryBlock[] {
  switch (content.kind) {
    case 'text':
      return [{ kind: 'text', text: content.text, spans: content.spans }];
    case 'suggested-reply':
      return [
        { kind: 'text', text: content.query },
        mark(buttonLabel === null ? markText`suggested reply` : markText`answer to the button ${quoted(buttonLabel)}`),
      ];
    case 'tap':
      return [
        ...(content.label === null ? [] : [{ kind: 'text', text: content.label } as const]),
        mark(content.label === null ? markText`tapped a button whose label is not known` : markText`tapped a button`),
      ];
    case 'contact':
      return [
        ...contactLines(content).map((text): EntryBlock => ({ kind: 'text', text })),
        mark(content.own ? markText`shared their own number` : markText`shared a contact`),
        ...(content.card?.hasMedia ? [mark(markText`the picture of the contact is not shown`)] : []),
      ];
    case 'location':
      return [
        ...[content.name, content.address]
          .filter((line) => line !== undefined)
          .map((text): EntryBlock => ({ kind: 'text', text })),
        placeLink(content),
        mark(locationMark(content.live)),
      ];
    case 'file':
      return [...captionBlock(content), mark(markText`${describeFiles([content])}${nameWithSize(content)}`)];
    case 'album':
      return albumBlocks(content);
    case 'caption':
      return newWords(content.file);
    case 'composed':
      return composedBlocks(content);
    case 'described':
      return [...(content.text === '' ? [] : [{ kind: 'text', text: content.text } as const]), mark(content.mark)];
    case 'started':
      return [
        mark(
          content.payload === null
            ? markText`started the bot`
            : markText`started the bot with ${quoted(content.payload)}`,
        ),
      ];
    case 'blocked':
      return [mark(markText`blocked the bot: messages cannot reach this customer until they unblock it`)];
    case 'unblocked':
      return [mark(markText`unblocked the bot`)];
    case 'removed':
      return [mark(markText`the bot was removed from this group: messages cannot reach it any more`)];
    case 'added':
      return [mark(markText`the bot is in this group again`)];
    case 'unsupported':
      return [
        ...(content.caption === undefined ? [] : [{ kind: 'text', text: content.caption } as const]),
        mark(markText`unsupported message (${providerWords(content.what)})`),
      ];
  }
}

const placeLink = (place: { readonly latitude: number; readonly longitude: number }): EntryBlock => ({
  kind: 'link',
  label: `${place.latitude}, ${place.longitude}`,
  url: `https://maps.google.com/?q=${place.latitude},${place.longitude}`,
});

type Album = Extract<InboundContent, { kind: 'album' }>;

/**
 * Telegram’s apps show the only words of an album under all of it. Where there are several, each follows the name of
 * its file.
 */
function albumBlocks(album: Album): readonly EntryBlock[] {
  const files = filesOf(album);
  const worded = files.filter((file) => captionBlock(file).length > 0);
  const isOfOneFile = worded.length > 1 || album.filesBefore !== undefined;
  const words = worded.flatMap((file) => [...(isOfOneFile ? [fileLabel(file)] : []), ...captionBlock(file)]);
  const sent = markText`${describeFiles(files)} as an album`;
  return [
    ...words,
    mark(album.filesBefore === undefined ? sent : markText`${describeFiles(files)}, which belongs to the album before`),
  ];
}

const fileLabel = (file: SharedFile): EntryBlock => mark(markText`${quoted(file.name ?? file.media)}:`);

/** The file itself is in an earlier entry. */
function newWords(file: SharedFile): readonly EntryBlock[] {
  const words = captionBlock(file);
  if (words.length === 0) return [mark(markText`took the words under ${fileText(file)} away`)];
  return file.name === null ? words : [fileLabel(file), ...words];
}

type Composed = Extract<InboundContent, { kind: 'composed' }>;

function composedBlocks(content: Composed): readonly EntryBlock[] {
  const files = [...filesOf(content)];
  return content.parts.map((part) =>
    part.kind === 'file' ? mark(fileText(files.shift() ?? part.file)) : partBlock(part),
  );
}

function partBlock(part: Exclude<MessagePart, { kind: 'file' }>): EntryBlock {
  switch (part.kind) {
    case 'words':
      return { kind: 'text', text: part.text, spans: part.spans };
    case 'place':
      return placeLink(part);
    case 'remark':
      return mark(part.mark);
  }
}

const captionBlock = ({ caption, captionSpans }: SharedFile): readonly EntryBlock[] =>
  caption === null || caption === '' ? [] : [{ kind: 'text', text: caption, spans: captionSpans }];

function locationMark(live: LiveLocation | undefined): MarkText {
  switch (live?.phase) {
    case undefined:
      return markText`shared a location`;
    case 'started':
      return markText`shares their location live ${durationText(live.seconds)}`;
    case 'moved':
      return markText`moved, live location`;
    case 'ended':
      return markText`stopped sharing their location live; this is the last position`;
  }
}

/** Telegram: the largest number of seconds means until they stop. */
function durationText(seconds: number): MarkText {
  if (seconds > 366 * 86_400) return markText`until they stop`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.round(minutes / 60);
  if (minutes < 60) return minutes === 1 ? markText`for 1 minute` : markText`for ${minutes} minutes`;
  return hours === 1 ? markText`for 1 hour` : markText`for ${hours} hours`;
}

function extrasOf(content: InboundContent): readonly EntryExtra[] {
  if (content.kind === 'composed') {
    return content.parts.flatMap((part): readonly EntryExtra[] => {
      if (part.kind !== 'place') return [];
      return [{ kind: 'location', latitude: part.latitude, longitude: part.longitude, name: null, address: null }];
    });
  }
  if (content.kind === 'location') {
    const { latitude, longitude, name = null, address = null } = content;
    return [
      {
        kind: 'location',
        latitude,
        longitude,
        name: name && withoutMarkSign(name),
        address: address && withoutMarkSign(address),
      },
    ];
  }
  if (content.kind === 'contact') {
    const { name, phone, firstName, lastName, card } = content;
    return [withoutMarkSigns({ kind: 'contact', name, phone, firstName, lastName, card })];
  }
  return [];
}

/** Whether the customer said it (an entry as the customer) or the gateway reports it (an internal note). */
export const isCustomerSpeech = (content: InboundContent): boolean => content.kind !== 'started' && !isReport(content);

/** A report by Telegram about the chat. */
const isReport = ({ kind }: InboundContent): boolean =>
  kind === 'blocked' || kind === 'unblocked' || kind === 'removed' || kind === 'added';

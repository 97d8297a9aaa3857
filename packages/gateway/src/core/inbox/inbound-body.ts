import type { InboundContent, LiveLocation, SharedFile } from '../message/content.ts';
import type { Chat, InboundEvent } from '../message/inbound.ts';
import type { EntryBlock, EntryBody, EntryExtra } from './entry.ts';
import { describeFiles, nameWithSize } from './files.ts';

/**
 * How an action of the customer is shown in the inbox. `buttonLabel` is the label of the button that a suggested reply came
 * from, if a recent message to that chat offers it.
 */
export function bodyOfInbound(event: InboundEvent, buttonLabel: string | null): EntryBody {
  const said = saidBlocks(event.content, buttonLabel);
  const { chat, forwardedFrom, via, content } = event;
  const author =
    chat.kind === 'private' || isReport(content) ? [] : [mark(`${event.author.name} in ${placeOf(chat)}:`)];
  const forwarded = forwardedFrom === undefined ? [] : [mark(`forwarded from ${forwardedFrom}`)];
  const throughBot = via === undefined ? [] : [mark(`via @${via}`)];
  const edited = event.editedAtMs === null || isLive(content) ? [] : [mark('edited')];
  return {
    blocks: [...author, ...quoteOf(event.answers), ...forwarded, ...said, ...throughBot, ...edited],
    extras: extrasOf(content),
  };
}

const placeOf = ({ title, topicTitle }: Chat): string =>
  topicTitle === undefined ? title : `${title} › ${topicTitle}`;

const mark = (text: string): EntryBlock => ({ kind: 'mark', text });

const isLive = (content: InboundContent): boolean => content.kind === 'location' && content.live !== undefined;

function quoteOf(answers: InboundEvent['answers']): readonly EntryBlock[] {
  if (answers === null) return [];
  const { excerpt, from } = answers;
  if (excerpt === '' && from === undefined) return [];
  return [{ kind: 'quote', text: [from, excerpt].filter((part) => part !== undefined && part !== '').join(': ') }];
}

function saidBlocks(content: InboundContent, buttonLabel: string | null): readonly EntryBlock[] {
  switch (content.kind) {
    case 'text':
      return [{ kind: 'text', text: content.text, spans: content.spans }];
    case 'suggested-reply':
      return [
        { kind: 'text', text: content.query },
        { kind: 'mark', text: buttonLabel === null ? 'suggested reply' : `answer to the button “${buttonLabel}”` },
      ];
    case 'tap':
      return [
        { kind: 'text', text: content.label ?? content.data },
        { kind: 'mark', text: content.label === null ? 'tapped a button' : `tapped a button, data “${content.data}”` },
      ];
    case 'contact':
      return [
        { kind: 'text', text: `${content.name} ${content.phone}`.trim() },
        { kind: 'mark', text: content.own ? 'shared their own number' : 'shared a contact' },
      ];
    case 'location':
      return [
        ...[content.name, content.address]
          .filter((line) => line !== undefined)
          .map((text): EntryBlock => ({ kind: 'text', text })),
        {
          kind: 'link',
          label: `${content.latitude}, ${content.longitude}`,
          url: `https://maps.google.com/?q=${content.latitude},${content.longitude}`,
        },
        mark(locationMark(content.live)),
      ];
    case 'file':
      return [...captionBlock(content), { kind: 'mark', text: `${describeFiles([content])}${nameWithSize(content)}` }];
    case 'album':
      return [
        ...content.files.flatMap(captionBlock),
        { kind: 'mark', text: `${describeFiles(content.files)} as an album` },
      ];
    case 'described':
      return [...(content.text === '' ? [] : [{ kind: 'text', text: content.text } as const]), mark(content.mark)];
    case 'started':
      return [
        { kind: 'mark', text: content.payload === null ? 'started the bot' : `started the bot (${content.payload})` },
      ];
    case 'blocked':
      return [{ kind: 'mark', text: 'blocked the bot: messages cannot reach this customer until they unblock it' }];
    case 'unblocked':
      return [{ kind: 'mark', text: 'unblocked the bot' }];
    case 'removed':
      return [mark('the bot was removed from this group: messages cannot reach it any more')];
    case 'added':
      return [mark('the bot is in this group again')];
    case 'unsupported':
      return [
        ...(content.caption === undefined ? [] : [{ kind: 'text', text: content.caption } as const]),
        mark(`unsupported message (${content.what})`),
      ];
  }
}

const captionBlock = ({ caption, captionSpans }: SharedFile): readonly EntryBlock[] =>
  caption === null || caption === '' ? [] : [{ kind: 'text', text: caption, spans: captionSpans }];

function locationMark(live: LiveLocation | undefined): string {
  switch (live?.phase) {
    case undefined:
      return 'shared a location';
    case 'started':
      return `shares their location live ${durationText(live.seconds)}`;
    case 'moved':
      return 'moved, live location';
    case 'ended':
      return 'stopped sharing their location live; this is the last position';
  }
}

/** Telegram: the largest number of seconds means until they stop. */
function durationText(seconds: number): string {
  if (seconds > 366 * 86_400) return 'until they stop';
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.round(minutes / 60);
  if (minutes < 60) return `for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return `for ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

function extrasOf(content: InboundContent): readonly EntryExtra[] {
  if (content.kind === 'location') {
    const { latitude, longitude, name = null, address = null } = content;
    return [{ kind: 'location', latitude, longitude, name, address }];
  }
  if (content.kind === 'contact') return [{ kind: 'contact', name: content.name, phone: content.phone }];
  return [];
}

/** Whether the customer said it (an entry as the customer) or the gateway reports it (an internal note). */
export const isCustomerSpeech = (content: InboundContent): boolean => content.kind !== 'started' && !isReport(content);

/** A report by Telegram about the chat. */
const isReport = ({ kind }: InboundContent): boolean =>
  kind === 'blocked' || kind === 'unblocked' || kind === 'removed' || kind === 'added';

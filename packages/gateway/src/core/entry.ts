import type { Control, Controls, InboundContent, OutboundContent } from './content.ts';
import { nameWithSize, sentWhat } from './files.ts';
import type { InboundEvent } from './inbound.ts';

/** A paragraph of an inbox entry. Adapters render it as HTML or plain text; the words are chosen here, once. */
export type EntryBlock =
  | { readonly kind: 'text'; readonly text: string }
  /** What the entry answers. */
  | { readonly kind: 'quote'; readonly text: string }
  /** A short remark of ours that the customer did not say: a tap, an answer to a button. */
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** The buttons of an outbound message, one line a row. */
  | { readonly kind: 'controls'; readonly lines: readonly string[] };

/** Structured extras that an inbox may show better than text (HubSpot does); the blocks already say it all. */
export type EntryExtra =
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name: string | null;
      readonly address: string | null;
    }
  | { readonly kind: 'contact'; readonly name: string; readonly phone: string };

export interface EntryBody {
  readonly blocks: readonly EntryBlock[];
  readonly extras: readonly EntryExtra[];
}

/** How an outbound message reads in the inbox: its text, then its buttons, a row a line, each with what it does, and whose it is. */
export function bodyOfOutbound(content: OutboundContent): EntryBody {
  const lines = controlLines(content.controls);
  const text: EntryBlock = { kind: 'text', text: content.text };
  const controls: readonly EntryBlock[] = lines.length === 0 ? [] : [{ kind: 'controls', lines }];
  return { blocks: [text, ...controls, ...automaticMark(content.automatic)], extras: [] };
}

function automaticMark(automatic: OutboundContent['automatic']): readonly EntryBlock[] {
  if (automatic === undefined) return [];
  return [{ kind: 'mark', text: automatic === 'welcome' ? 'automatic welcome' : 'automatic out-of-office reply' }];
}

function controlLines(controls: Controls): readonly string[] {
  switch (controls.kind) {
    case 'none':
      return [];
    case 'buttons':
      return controls.rows.map(rowLine);
    case 'keyboard':
      return [...controls.rows.map(rowLine), ...placeholderLine(controls.placeholder)];
    case 'keyboard-removed':
      return ['(reply keyboard removed)'];
    case 'reply-requested':
      return ['(asks for a reply)', ...placeholderLine(controls.placeholder)];
  }
}

const rowLine = (row: readonly Control[]): string => row.map(controlText).join('  ');

const placeholderLine = (placeholder: string | undefined): readonly string[] =>
  placeholder === undefined ? [] : [`(input hint: “${placeholder}”)`];

function controlText({ label, action }: Control): string {
  switch (action.kind) {
    case 'link':
      return `[${label} → ${action.url}]`;
    case 'suggest':
      return `[${label} → suggests “${action.query}”]`;
    case 'suggest-elsewhere':
      return `[${label} → suggests “${action.query}” in another chat]`;
    case 'callback':
      return `[${label} → ${action.data}]`;
    case 'copy':
      return `[${label} → copies “${action.text}”]`;
    case 'say':
      return `[${label}]`;
    case 'share-contact':
      return `[${label} → asks for the phone number]`;
    case 'share-location':
      return `[${label} → asks for the location]`;
    case 'share-users':
      return `[${label} → asks to choose people]`;
    case 'share-chat':
      return `[${label} → asks to choose a chat]`;
    case 'create-poll':
      return `[${label} → asks for a poll]`;
  }
}

/**
 * How something that the customer did reads in the inbox. `buttonLabel` is the label of the button that a suggested
 * reply came from, where one of our recent messages to that chat offers it.
 */
export function bodyOfInbound(event: InboundEvent, buttonLabel: string | null): EntryBody {
  const said = saidBlocks(event.content, buttonLabel);
  const author: readonly EntryBlock[] =
    event.chat.kind === 'private' ? [] : [{ kind: 'mark', text: `${event.author.name} in ${event.chat.title}:` }];
  const { forwardedFrom } = event;
  const forwarded: readonly EntryBlock[] =
    forwardedFrom === undefined ? [] : [{ kind: 'mark', text: `forwarded from ${forwardedFrom}` }];
  const edited: readonly EntryBlock[] = event.editedAtMs === null ? [] : [{ kind: 'mark', text: 'edited' }];
  const quoted: readonly EntryBlock[] =
    event.answers === null || event.answers.excerpt === '' ? [] : [{ kind: 'quote', text: event.answers.excerpt }];
  return { blocks: [...author, ...quoted, ...forwarded, ...said, ...edited], extras: extrasOf(event.content) };
}

function saidBlocks(content: InboundContent, buttonLabel: string | null): readonly EntryBlock[] {
  switch (content.kind) {
    case 'text':
      return [{ kind: 'text', text: content.text }];
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
        { kind: 'mark', text: 'shared a location' },
      ];
    case 'file':
      return [
        ...captionBlock(content.caption),
        { kind: 'mark', text: `${sentWhat([content])}${nameWithSize(content)}` },
      ];
    case 'album':
      return [
        ...content.files.flatMap(({ caption }) => captionBlock(caption)),
        { kind: 'mark', text: `${sentWhat(content.files)} as an album` },
      ];
    case 'described':
      return [
        { kind: 'text', text: content.text },
        { kind: 'mark', text: content.mark },
      ];
    case 'started':
      return [
        { kind: 'mark', text: content.payload === null ? 'started the bot' : `started the bot (${content.payload})` },
      ];
    case 'blocked':
      return [{ kind: 'mark', text: 'blocked the bot: messages cannot reach this customer until they unblock it' }];
    case 'unblocked':
      return [{ kind: 'mark', text: 'unblocked the bot' }];
    case 'unsupported':
      return [{ kind: 'mark', text: `unsupported message (${content.what})` }];
  }
}

const captionBlock = (caption: string | null): readonly EntryBlock[] =>
  caption === null || caption === '' ? [] : [{ kind: 'text', text: caption }];

function extrasOf(content: InboundContent): readonly EntryExtra[] {
  if (content.kind === 'location') {
    const { latitude, longitude, name = null, address = null } = content;
    return [{ kind: 'location', latitude, longitude, name, address }];
  }
  if (content.kind === 'contact') return [{ kind: 'contact', name: content.name, phone: content.phone }];
  return [];
}

/** Whether the customer said it (an entry as the customer) or we report it (an internal note). */
export function isCustomerSpeech(content: InboundContent): boolean {
  return content.kind !== 'started' && content.kind !== 'blocked' && content.kind !== 'unblocked';
}

/** The body as plain text, one paragraph a block; what ledgers hash and plain-text inboxes show. */
export function plainText(body: EntryBody): string {
  return body.blocks.map(plainBlock).join('\n');
}

function plainBlock(block: EntryBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'quote':
      return block.text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
    case 'mark':
      return `(${block.text})`;
    case 'link':
      return `${block.label} ${block.url}`;
    case 'controls':
      return block.lines.join('\n');
  }
}

import type { ContactCard } from '../message/contact-card.ts';
import type { AutomaticKind, Control, Controls, MadeEdit, OutboundContent } from '../message/content.ts';
import { plainOf } from '../message/formatting.ts';
import { type MarkText, markSign, markText, withoutMarkSign } from '../message/mark-text.ts';
import type { ReceivedSpan } from '../message/rich-text.ts';
import { replacedFileMark, sentFilesMark, sharedBlocks } from './sent-body.ts';

/**
 * A paragraph of an inbox entry. Adapters render it as HTML or plain text. Its words are chosen here, once for all. Marks and
 * quotes begin with a sign that no other block can have, so that a customer cannot write one.
 */
export type EntryBlock =
  | { readonly kind: 'text'; readonly text: string; readonly spans?: readonly ReceivedSpan[] | undefined }
  /** The message that the entry answers. */
  | { readonly kind: 'quote'; readonly text: string }
  /** A short remark of the gateway, not said by the customer: a tap, an answer to a button. */
  | { readonly kind: 'mark'; readonly text: MarkText }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** The buttons of an outbound message, one line per row. */
  | { readonly kind: 'controls'; readonly lines: readonly string[] };

/** Structured data that an inbox may show better than text (HubSpot does). The blocks say the same. */
export type EntryExtra =
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name: string | null;
      readonly address: string | null;
    }
  | {
      readonly kind: 'contact';
      readonly name: string;
      readonly phone: string;
      /** The two names apart, if they are known. */
      readonly firstName?: string | null | undefined;
      readonly lastName?: string | null | undefined;
      readonly card?: ContactCard | undefined;
    };

export interface EntryBody {
  readonly blocks: readonly EntryBlock[];
  readonly extras: readonly EntryExtra[];
}

/**
 * How an outbound message is shown in the inbox: what it answers, its text, what it shows beside it, its buttons with what each
 * does, and a mark if it is automatic.
 */
export function bodyOfOutbound(content: OutboundContent): EntryBody {
  const lines = controlLines(content.controls);
  const { shared, files = [], answers } = content;
  const hasMore = shared !== undefined || files.length > 0;
  const text: readonly EntryBlock[] =
    content.text === '' && hasMore ? [] : [{ kind: 'text', text: content.text, ...spansOf(content) }];
  const controls: readonly EntryBlock[] = lines.length === 0 ? [] : [{ kind: 'controls', lines }];
  const quote: readonly EntryBlock[] =
    answers?.text == null ? [] : [{ kind: 'quote', text: excerptOfQuote(answers.text) }];
  return {
    blocks: [
      ...quote,
      ...text,
      ...(shared === undefined ? [] : sharedBlocks(shared)),
      ...(files.length === 0 ? [] : [{ kind: 'mark', text: sentFilesMark(files) } as const]),
      ...controls,
      ...automaticMark(content.automatic),
    ],
    extras: [],
  };
}

const spansOf = ({ spans }: OutboundContent): Pick<OutboundContent, 'spans'> => (spans === undefined ? {} : { spans });

/** In code units. An agent needs no more of it to recognise it. */
const quotedMax = 200;
const excerptOfQuote = (text: string): string =>
  text.length <= quotedMax ? text : `${[...text.slice(0, quotedMax)].slice(0, -1).join('')}…`;

/** A message as it was first, before its edits. */
export const firstVersion = (content: OutboundContent): OutboundContent => ({
  ...content,
  ...content.edits?.[0]?.before,
});

/** How an edit of an outbound message is shown: what it says now, and what is below it. */
export function bodyOfEdit({ text, controls, files }: MadeEdit): EntryBody {
  const lines = controls === undefined ? [] : controlLines(controls);
  const words: readonly EntryBlock[] =
    text === null
      ? []
      : [
          { kind: 'mark', text: markText`edited to:` },
          { kind: 'text', text },
        ];
  const below: readonly EntryBlock[] =
    controls === undefined
      ? []
      : lines.length === 0
        ? [{ kind: 'mark', text: markText`the buttons were removed` }]
        : [
            { kind: 'mark', text: markText`the buttons are now:` },
            { kind: 'controls', lines },
          ];
  const replaced: readonly EntryBlock[] = files === undefined ? [] : [{ kind: 'mark', text: replacedFileMark(files) }];
  return { blocks: [...replaced, ...words, ...below], extras: [] };
}

/** How a deletion is shown. The entry of the message stays. */
export const bodyOfDeletion = (excerpt: string | null): EntryBody => ({
  blocks: [
    ...(excerpt === null ? [] : [{ kind: 'quote', text: excerpt } as const]),
    { kind: 'mark', text: markText`this message was deleted from the chat` },
  ],
  extras: [],
});

const automaticMarks = {
  welcome: markText`automatic welcome`,
  'out-of-office': markText`automatic out-of-office reply`,
  'large-file': markText`automatic answer to a file that is too large`,
} as const satisfies Record<AutomaticKind, MarkText>;

function automaticMark(automatic: OutboundContent['automatic']): readonly EntryBlock[] {
  if (automatic === undefined) return [];
  return [{ kind: 'mark', text: automaticMarks[automatic] }];
}

function controlLines(controls: Controls): readonly string[] {
  switch (controls.kind) {
    case 'none':
      return [];
    case 'buttons':
      return [...controls.rows.map(rowLine), ...askLine(controls)];
    case 'keyboard':
      return [...controls.rows.map(rowLine), ...askLine(controls), ...placeholderLine(controls.placeholder)];
    case 'keyboard-removed':
      return ['(reply keyboard removed)'];
    case 'reply-requested':
      return [...askLine({ asksForReply: true }), ...placeholderLine(controls.placeholder)];
  }
}

const rowLine = (row: readonly Control[]): string => row.map(controlText).join('  ');

const askLine = ({ asksForReply }: { readonly asksForReply?: true }): readonly string[] =>
  asksForReply === true ? ['(asks for a reply)'] : [];

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
    case 'copy':
      return `[${label} → copies “${action.text}”]`;
    case 'callback':
    case 'quick-reply':
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
    case 'create-bot':
      return `[${label} → asks to create a bot]`;
    case 'nothing':
      return `[${label} → cannot be used]`;
  }
}

/** The body as plain text, one paragraph per block. Used for hashes and for inboxes with plain text. */
export function plainText(body: EntryBody): string {
  return body.blocks.map(plainBlock).join('\n');
}

function plainBlock(block: EntryBlock): string {
  switch (block.kind) {
    case 'text':
      return withoutMarkSign(plainOf(block));
    case 'quote':
      return quoteLines(block.text).join('\n');
    case 'mark':
      return markLine(block.text);
    case 'link':
      return withoutMarkSign(`${block.label} ${block.url}`);
    case 'controls':
      return withoutMarkSign(block.lines.join('\n'));
  }
}

export const markLine = (text: MarkText): string => `${markSign} (${withoutMarkSign(text)})`;

/** Each line has the sign: a line without it would be the customer's. */
export const quoteLines = (text: string): readonly string[] =>
  withoutMarkSign(text)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `${markSign} > ${line}`);

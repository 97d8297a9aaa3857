import { type AgentNamePart, agentNameParts, type ChannelOptions } from '@chatferry/contract';
import type { Controls } from '../message/content.ts';
import { plain, type RichText, type Span } from '../message/rich-text.ts';
import { parseShorthand } from '../message/shorthand.ts';
import { visibleName } from '../message/visible-name.ts';
import type { AgentReply } from './inbox-event.ts';

/** The input of a channel's encoder: a reply, and the buttons that the agent wrote into it. */
export type OutgoingReply = Pick<AgentReply, 'body' | 'attachments' | 'quickReplies'> & {
  readonly controls?: Controls | undefined;
  /** Whether the words go in messages of their own. Otherwise they go under the first file where they fit there. */
  readonly areWordsApart?: boolean | undefined;
};

export interface PreparedReply {
  readonly reply: OutgoingReply;
  /** A paragraph for the agent about the parts that were not understood. Null if all parts were. */
  readonly remark: string | null;
}

/** Prepares a reply for the customer: adds the agent's name before it, and turns its shorthand into buttons. */
export function prepareReply(
  reply: AgentReply,
  options: Pick<ChannelOptions, 'agent_name' | 'shorthand'>,
  authorName: string | null,
): PreparedReply {
  if (hasOnlyAnswers(reply)) return { reply: { ...reply, body: answersAsText(reply) }, remark: null };
  const read = options.shorthand === 'on' ? readShorthand(reply) : { body: reply.body, remark: null };
  const lead = leadOf(agentNameParts(options.agent_name), authorName);
  const body = read.body.text.trim() === '' ? read.body : withLead(lead, read.body);
  return { reply: { ...reply, body, controls: read.controls }, remark: read.remark };
}

/** Bots offer answers in a part without words. Telegram sends no buttons without words. */
const hasOnlyAnswers = ({ body, attachments, quickReplies }: AgentReply): boolean =>
  body.text.trim() === '' && attachments.length === 0 && quickReplies.length > 0;

const answersAsText = ({ quickReplies }: AgentReply): RichText =>
  plain(quickReplies.map(({ label }) => label).join(' / '));

interface ReadReply {
  readonly body: RichText;
  readonly controls?: Controls | undefined;
  readonly remark: string | null;
}

function readShorthand({ body, quickReplies, attachments }: AgentReply): ReadReply {
  const shorthand = parseShorthand(body, attachments.length > 0 ? 'optional' : 'needed');
  switch (shorthand.kind) {
    case 'none':
      return { body, remark: null };
    case 'malformed':
      return { body, remark: remarkOf(shorthand.problems) };
    case 'controls':
      return shorthand.controls.kind === 'keyboard' && quickReplies.length > 0
        ? { body, remark: remarkOf(['reply keys cannot be combined with the quick replies of this message.']) }
        : { body: shorthand.body, controls: shorthand.controls, remark: null };
  }
}

const remarkOf = (problems: readonly string[]): string =>
  `Sent to the customer as it was written, without buttons. Not understood: ${problems.join(' ')}`;

/** Empty if the name is not known: a customer never sees a half-filled template. */
function leadOf(parts: readonly AgentNamePart[], authorName: string | null): string {
  const name = authorName?.replace(/\s+/g, ' ').trim() ?? '';
  if (parts.length === 0 || name === '') return '';
  const lead = parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'full-name' ? name : (name.split(' ')[0] ?? '');
    })
    .join('');
  return /\s$/.test(lead) ? lead : `${lead}\n`;
}

function withLead(lead: string, { text, spans }: RichText): RichText {
  const bold = lead.trim();
  if (bold === '') return { text, spans };
  const start = lead.indexOf(bold);
  const moved = spans.map((span): Span => ({ ...span, start: span.start + lead.length, end: span.end + lead.length }));
  return {
    text: lead + text,
    spans: [{ kind: 'style', style: 'bold', start, end: start + bold.length }, ...moved],
  };
}

/** The name that the inbox has for the author. Null if it has none, or only an address or an id in its place. */
export const nameOfAuthor = (
  author: AgentReply['author'],
  teammates: readonly { readonly senderId: string; readonly name: string }[] | null,
): string | null => {
  if (author.kind !== 'teammate') return null;
  const known = author.name ?? teammates?.find(({ senderId }) => senderId === author.id)?.name ?? null;
  return known === null || known.includes('@') || known === author.id ? null : visibleName(known);
};

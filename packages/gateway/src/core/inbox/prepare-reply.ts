import { type AgentNamePart, agentNameParts, type ChannelOptions } from '@chatferry/contract';
import type { Controls } from '../message/content.ts';
import { plain, type RichText, type Span } from '../message/rich-text.ts';
import { parseShorthand } from '../message/shorthand.ts';
import type { AgentReply } from './inbox-event.ts';

/** What a channel encodes: a reply, and the buttons that the agent wrote into it. */
export type OutgoingReply = Pick<AgentReply, 'body' | 'attachments' | 'quickReplies'> & {
  readonly controls?: Controls | undefined;
};

export interface PreparedReply {
  readonly reply: OutgoingReply;
  /** What of the reply was not understood, a paragraph for the agent; null where all was. */
  readonly remark: string | null;
}

/** A reply as it goes to the customer: the agent's name before it, the shorthand in it as buttons. */
export function prepareReply(
  reply: AgentReply,
  options: Pick<ChannelOptions, 'agent_name' | 'shorthand'>,
  authorName: string | null,
): PreparedReply {
  if (saysNothingButAnswers(reply)) return { reply: { ...reply, body: answersAsText(reply) }, remark: null };
  const read = options.shorthand === 'on' ? readShorthand(reply) : { body: reply.body, remark: null };
  const lead = leadOf(agentNameParts(options.agent_name), authorName);
  const body = read.body.text.trim() === '' ? read.body : withLead(lead, read.body);
  return { reply: { ...reply, body, controls: read.controls }, remark: read.remark };
}

/** Bots offer answers in a part of their own, without a word; Telegram sends no buttons without any. */
const saysNothingButAnswers = ({ body, attachments, quickReplies }: AgentReply): boolean =>
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
        ? { body, remark: remarkOf(['reply keys cannot stand beside the quick replies of this message.']) }
        : { body: shorthand.body, controls: shorthand.controls, remark: null };
  }
}

const remarkOf = (problems: readonly string[]): string =>
  `Sent to the customer as it was written, without buttons. Not understood: ${problems.join(' ')}`;

/** Nothing where the name is not known: no template stands half filled before a customer. */
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

/** Of the names that the inbox has for the author; an address or an id in place of a name is none. */
export const nameOfAuthor = (
  author: AgentReply['author'],
  teammates: readonly { readonly senderId: string; readonly name: string }[] | null,
): string | null => {
  if (author.kind !== 'teammate') return null;
  const known = author.name ?? teammates?.find(({ senderId }) => senderId === author.id)?.name ?? null;
  return known === null || known.includes('@') || known === author.id ? null : known;
};

import type { SendMessage, TextSpan } from '@chatferry/contract';
import type { OutboundContent, SharedByUs } from '../../core/message/content.ts';
import type { OutgoingFile, OutgoingMessage } from '../../core/message/outgoing.ts';
import type { Span } from '../../core/message/rich-text.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire, markupOnWire } from './encode.ts';
import { encodeFiles } from './encode-files.ts';
import { topicOnWire } from './encode-reply.ts';
import { controlsOfMessage, markupOfMessage } from './markup-of-message.ts';
import { entitiesOfText } from './text-entities.ts';

/**
 * A message of the API: the method that sends it and its parameters. Formatting goes as entities and never with a parse mode, so
 * that no formatting can fail a send.
 */
export function encodeMessage(message: OutgoingMessage): { readonly wire: Wire; readonly content: OutboundContent } {
  const { body, words, files, answered, nonce } = message;
  const markup = markupOfMessage(body, nonce);
  const place = { chat_id: chatIdOnWire(body.to), ...topicOnWire({ chatId: body.to, topicId: topicOf(body) }) };
  const below = markup === null ? {} : { reply_markup: markupOnWire(markup) };
  const shared = sharedOf(body);
  return {
    wire: { ...place, ...shownOnWire(message, shared), ...below, ...manner(message) },
    content: {
      text: words?.text ?? '',
      controls: controlsOfMessage(body, markup),
      ...(body.on_tap === undefined ? {} : { onTap: body.on_tap }),
      ...(words === null || words.spans.length === 0 ? {} : { spans: words.spans.filter(isShown) }),
      ...(shared === null ? {} : { shared }),
      ...(files.length === 0 ? {} : { files: files.map(sentFile) }),
      ...(answered === null ? {} : { answers: answersOf(answered) }),
      ...(body.topic_id === undefined ? {} : { topicId: String(body.topic_id) }),
    },
  };
}

const topicOf = ({ topic_id: topic }: SendMessage): string | null => (topic === undefined ? null : String(topic));

/** The inbox shows the characters that a custom emoji replaces. */
export const isShown = (span: TextSpan): span is Exclude<TextSpan, { kind: 'emoji' }> & Span => span.kind !== 'emoji';

function shownOnWire({ body, words, files }: OutgoingMessage, shared: SharedByUs | null): Wire {
  if (shared !== null) return sharedOnWire(body, shared);
  const entities = words === null ? [] : entitiesOfText(words.spans);
  const text = words?.text ?? '';
  if (files.length > 0) return encodeFiles(body, files, { text, entities });
  return { text, ...(entities.length === 0 ? {} : { entities }), ...previewOf(body.link_preview) };
}

export function previewOf(preview: SendMessage['link_preview']): Wire {
  if (preview === undefined) return {};
  const { disabled, url, prefer_large, above_text } = preview;
  const options = {
    ...(disabled === undefined ? {} : { is_disabled: disabled }),
    ...(url === undefined ? {} : { url }),
    ...(prefer_large === undefined ? {} : { prefer_large_media: prefer_large }),
    ...(above_text === undefined ? {} : { show_above_text: above_text }),
  };
  return { link_preview_options: options };
}

/** Telegram: https://core.telegram.org/bots/api#replyparameters */
function manner({ body, answered }: OutgoingMessage): Wire {
  const { silent, protect, effect_id: effect } = body;
  const reply = answered && {
    message_id: Number(answered.channelMessageId),
    ...(answered.quote === undefined ? {} : { quote: answered.quote }),
  };
  return {
    ...(reply === null ? {} : { reply_parameters: reply }),
    ...(silent === true ? { disable_notification: true } : {}),
    ...(protect === true ? { protect_content: true } : {}),
    ...(effect === undefined ? {} : { message_effect_id: effect }),
  };
}

function sharedOf({ location, venue, contact, poll }: SendMessage): SharedByUs | null {
  if (location !== undefined) return { kind: 'location', ...location };
  if (venue !== undefined) return { kind: 'venue', ...venue };
  if (contact !== undefined) {
    const { phone_number: phone, first_name: firstName, last_name: lastName = null } = contact;
    return { kind: 'contact', phone, firstName, lastName };
  }
  if (poll === undefined) return null;
  const { question, options, correct_option: correctOption = null } = poll;
  return { kind: 'poll', question, options, correctOption };
}

function sharedOnWire({ poll }: SendMessage, shared: SharedByUs): Wire {
  switch (shared.kind) {
    case 'location':
      return { method: 'sendLocation', latitude: shared.latitude, longitude: shared.longitude };
    case 'venue': {
      const { latitude, longitude, title, address } = shared;
      return { method: 'sendVenue', latitude, longitude, title, address };
    }
    case 'contact': {
      const { phone, firstName, lastName } = shared;
      const last = lastName === null ? {} : { last_name: lastName };
      return { method: 'sendContact', phone_number: phone, first_name: firstName, ...last };
    }
    case 'poll':
      return { method: 'sendPoll', ...pollOnWire(poll) };
  }
}

function pollOnWire(poll: SendMessage['poll']): Wire {
  if (poll === undefined) return {};
  const { question, options, is_anonymous, allows_multiple_answers, correct_option: correct, explanation } = poll;
  return {
    question,
    options: options.map((text) => ({ text })),
    ...(is_anonymous === undefined ? {} : { is_anonymous }),
    ...(allows_multiple_answers === undefined ? {} : { allows_multiple_answers }),
    ...(correct === undefined ? {} : { type: 'quiz', correct_option_ids: [correct] }),
    ...(explanation === undefined ? {} : { explanation }),
  };
}

export const sentFile = ({ media, name, mediaType, sizeBytes, source, digest }: OutgoingFile) => ({
  media,
  name,
  mediaType,
  sizeBytes,
  ...(source.kind === 'stored' ? { storedId: source.storedId } : { storedId: null, channelFileId: source.fileId }),
  ...(digest === undefined ? {} : { digest }),
});

const answersOf = ({ messageId, channelMessageId, text, quote }: NonNullable<OutgoingMessage['answered']>) => ({
  messageId,
  channelMessageId,
  text: quote ?? text,
});

import { createHash } from 'node:crypto';
import type { UserFromGetMe, WebhookInfo } from '@grammyjs/types';
import type { WebhookStatus } from '../../core/health/watch-webhook.ts';
import type { Activity, Bot, CallOutcome, Channel, ChannelCredential } from '../../ports/channel.ts';
import { revealTo } from '../../ports/secret.ts';
import type { Transport } from '../http/transport.ts';
import { allowedUpdates } from './allowed-updates.ts';
import { findAmendment } from './amend.ts';
import { changeMessage } from './change-message.ts';
import { classifyCall, classifySend } from './classify.ts';
import { createClient, type Method, type Parameters } from './client.ts';
import { download, reachFiles } from './download.ts';
import { chatIdOnWire } from './encode.ts';
import { topicOnWire } from './encode-reply.ts';
import { nameOf } from './parties.ts';
import { poll } from './poll.ts';
import { sendFile } from './send-file.ts';
import { sendUploads } from './send-uploads.ts';
import { asId, asInteger, asObject, asText } from './untrusted.ts';
import { fileOnWire, uploadsOnWire } from './wire-file.ts';

const callLimitMs = 15_000;
/** Telegram: the app waits for seconds only. */
const answerLimitMs = 8_000;

/** Telegram's names for what the app shows. */
const actions = {
  typing: 'typing',
  photo: 'upload_photo',
  video: 'upload_video',
  voice: 'upload_voice',
  document: 'upload_document',
} as const satisfies Record<Activity, string>;

const withoutTrailingSlashes = ({ token, apiRoot, fileRoot }: ChannelCredential): ChannelCredential => ({
  token,
  apiRoot: apiRoot.replace(/(?<!\/)\/+$/, ''),
  fileRoot: fileRoot.replace(/(?<!\/)\/+$/, ''),
});

/** One bot. */
export function openChannel(transport: Transport, credential: ChannelCredential): Channel {
  const client = createClient(transport, withoutTrailingSlashes(credential));
  const ask = async <M extends Method, T>(
    method: M,
    parameters: Parameters<M>,
    read: (result: unknown) => T | null,
    limitMs = callLimitMs,
  ): Promise<CallOutcome<T>> => classifyCall(await client.callMethod(method, parameters, { limitMs }), read);

  return {
    async send(wire, limitMs, fetchAttachment) {
      const uploads = uploadsOnWire(wire);
      if (uploads.length > 0) {
        if (fetchAttachment === undefined) throw new Error('A message with files is sent without what fetches them.');
        return sendUploads(client, wire, { uploads, limitMs, fetchAttachment });
      }
      const file = fileOnWire(wire);
      if (file === null) return findAmendment(wire, classifySend(await client.sendMessage(wire, { limitMs })));
      if (fetchAttachment === undefined) throw new Error('A message with a file is sent without what fetches it.');
      return sendFile(client, wire, { file, limitMs, fetchAttachment });
    },
    showActivity: (chat, activity) =>
      ask(
        'sendChatAction',
        { chat_id: chatIdOnWire(chat.chatId), action: actions[activity], ...topicOnWire(chat) },
        readTrue,
        answerLimitMs,
      ),
    describe: () => ask('getMe', {}, readBot),
    answerTap: (tapId, notice) =>
      ask(
        'answerCallbackQuery',
        {
          callback_query_id: tapId,
          ...(notice === null ? {} : { text: notice.text }),
          ...(notice?.isAlert === true ? { show_alert: true } : {}),
        },
        readTrue,
        answerLimitMs,
      ),
    editButtons: async (edit) => classifyCall(await client.editButtons(edit, { limitMs: callLimitMs }), readDone),
    change: (wire, limitMs, fetchAttachment) => changeMessage(client, wire, limitMs, fetchAttachment),
    answerInlineQuery: (queryId, query, label) =>
      ask('answerInlineQuery', inlineAnswer(queryId, query, label), readTrue, answerLimitMs),
    download: (fileId, limits) => download(client, fileId, limits),
    reachFiles: () => reachFiles(client, callLimitMs),
    async registerWebhook(url, secret) {
      const revealed = revealTo(credential.apiRoot, (reveal) => reveal(secret));
      if (revealed.kind === 'withheld') return classifyCall(revealed, readTrue);
      return ask('setWebhook', { url, secret_token: revealed.value, allowed_updates: allowedUpdates }, readTrue);
    },
    removeWebhook: () => ask('deleteWebhook', { drop_pending_updates: false }, readTrue),
    webhookStatus: () => ask('getWebhookInfo', {}, readWebhookStatus),
    poll: (offset, signal) => poll(client, offset, signal),
  };
}

/**
 * One article that says the query, for this customer alone and not cached. Telegram: an article's text must not be
 * blank, so that a blank query gets no result; its id has at most 64 bytes.
 */
function inlineAnswer(queryId: string, query: string, label: string | null): Parameters<'answerInlineQuery'> {
  const answer = { inline_query_id: queryId, is_personal: true, cache_time: 0 };
  if (query.trim() === '') return { ...answer, results: [] };
  const article = {
    type: 'article' as const,
    id: createHash('sha256').update(query).digest('hex').slice(0, 32),
    title: label ?? query,
    input_message_content: { message_text: query },
  };
  return { ...answer, results: [label === null || label === query ? article : { ...article, description: query }] };
}

/** Telegram: an edit answers with the message. */
const readDone = (result: unknown): true | null => (result === true || asObject(result) !== null ? true : null);

const readTrue = (result: unknown): true | null => (result === true ? true : null);

function readBot(result: unknown): Bot | null {
  const me = asObject<UserFromGetMe>(result);
  const botId = asId(me?.id);
  const username = asText(me?.username);
  if (!me || botId === null || username === null) return null;
  const supportsInlineQueries = me.supports_inline_queries === true;
  return { botId, username, name: nameOf(me) ?? username, supportsInlineQueries };
}

function readWebhookStatus(result: unknown): WebhookStatus | null {
  const info = asObject<WebhookInfo>(result);
  const url = asText(info?.url);
  if (!info || url === null) return null;
  const lastErrorDate = asInteger(info.last_error_date);
  return {
    url,
    pendingUpdates: asInteger(info.pending_update_count) ?? 0,
    lastErrorAtMs: lastErrorDate === null ? null : lastErrorDate * 1_000,
    lastError: asText(info.last_error_message),
  };
}

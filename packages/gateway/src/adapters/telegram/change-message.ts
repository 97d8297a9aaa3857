import type { ChangeOutcome } from '../../core/delivery/change.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { Wire } from '../../ports/channel.ts';
import { classifyCall } from './classify.ts';
import type { Method, MethodResult, TelegramClient } from './client.ts';
import { readRefusal } from './refusal.ts';
import { fetchLimitMs, readUploads } from './send-uploads.ts';
import { asObject } from './untrusted.ts';
import { uploadsOnWire } from './wire-file.ts';

/** The methods that change or delete a message that was sent. */
const changeMethods: ReadonlySet<string> = new Set<Method>([
  'editMessageText',
  'editMessageCaption',
  'editMessageMedia',
  'editMessageReplyMarkup',
  'deleteMessage',
]);

/** telegram-bot-api Client.cpp and TDLib MessagesManager.cpp; the capitals come from the data center. */
const alreadyDone = /message is not modified|\bMESSAGE_NOT_MODIFIED\b|message to delete not found/i;
const goneWords = /message to edit not found|\bMESSAGE_ID_INVALID\b/i;
const lateWords =
  /message can't be (?:edited|deleted)|\bMESSAGE_(?:EDIT_TIME_EXPIRED|DELETE_FORBIDDEN|AUTHOR_REQUIRED)\b/i;

/** One try to change a message. It may be repeated: what is as it should be is done. */
export async function changeMessage(
  client: TelegramClient,
  wire: Wire,
  limitMs: number,
  fetchAttachment?: FetchAttachment,
): Promise<ChangeOutcome> {
  const { method, uploads: _, ...parameters } = wire;
  if (typeof method !== 'string' || !changeMethods.has(method))
    throw new Error(`A message is to be changed with ${String(method)}, which changes no message.`);
  const uploads = uploadsOnWire(wire);
  if (uploads.length === 0) return classifyChange(await client.change(method as Method, parameters, { limitMs }));
  if (fetchAttachment === undefined) throw new Error('A file is to replace another without what fetches it.');
  const read = await readUploads(uploads, fetchAttachment);
  if (read.kind === 'ok') {
    const limits = { limitMs: limitMs - fetchLimitMs };
    return classifyChange(await client.changeFiles(method as Method, parameters, read.files, limits));
  }
  const { detail } = read;
  return read.isPassing
    ? { kind: 'unavailable', retryAfterMs: null, detail }
    : { kind: 'refused', because: 'refused', why: 'refused', providerCode: 0, detail };
}

function classifyChange(result: MethodResult): ChangeOutcome {
  const answer = classifyCall(result, readDone);
  switch (answer.kind) {
    case 'ok':
      return { kind: 'done' };
    case 'unavailable':
      return answer;
    case 'refused': {
      const { detail, providerCode, broken } = answer;
      if (alreadyDone.test(detail)) return { kind: 'done' };
      if (goneWords.test(detail)) return { kind: 'refused', because: 'gone', why: 'refused', detail, providerCode };
      if (lateWords.test(detail)) return { kind: 'refused', because: 'too-late', why: 'refused', detail, providerCode };
      const because = broken ? 'channel-broken' : 'refused';
      return { kind: 'refused', because, why: broken ? 'refused' : readRefusal(detail), detail, providerCode };
    }
  }
}

/** Telegram: an edit answers with the message, a deletion with true. */
const readDone = (result: unknown): true | null => (result === true || asObject(result) !== null ? true : null);

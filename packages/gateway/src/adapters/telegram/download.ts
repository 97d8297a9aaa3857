import type { File } from '@grammyjs/types';
import type { DownloadLimits } from '../../ports/attachment.ts';
import type { CallOutcome, DownloadOutcome } from '../../ports/channel.ts';
import type { HttpStream, HttpStreamAnswer } from '../http/http-call.ts';
import { readWhole } from '../http/read-whole.ts';
import { classifyCall } from './classify.ts';
import type { TelegramClient, Withheld } from './client.ts';
import { asObject, asText } from './untrusted.ts';

/** Telegram: bots download files of up to 20 MB from the cloud. */
const cloudMaxBytes = 20 * 1024 * 1024;

/**
 * What the Bot API server says of a file id that is wrong, and of every passing failure: “also includes all 5xx and 429
 * errors” (telegram-bot-api, Client.cpp, `on_update_file`). It cannot be told apart, so the caller's tries end it.
 */
const perhapsPassing = /temporarily unavailable/i;

/**
 * Asks where the file is, and fetches it. No detail carries its address or path: the token is part of both.
 *
 * Only what another try cannot change is `refused`. Each try asks for the path again. Telegram: it is valid for an hour, and
 * may be gone sooner (https://github.com/tdlib/telegram-bot-api/issues/42).
 */
export async function download(
  client: TelegramClient,
  fileId: string,
  limits: DownloadLimits,
): Promise<DownloadOutcome> {
  const { limitMs, idleLimitMs, maxBytes } = limits;
  const asked = classifyCall(await client.callMethod('getFile', { file_id: fileId }, { limitMs }), readPath);
  if (asked.kind === 'refused' && /file is too big/i.test(asked.detail)) {
    return { kind: 'too-large', maxBytes: Math.min(cloudMaxBytes, maxBytes) };
  }
  if (asked.kind === 'refused' && perhapsPassing.test(asked.detail)) return unavailable(asked.detail);
  if (asked.kind !== 'ok') return asked;
  if (asked.value === '') return refused(0, 'Telegram does not offer it for download any more');
  const answer = await client.download(asked.value, {
    limitMs,
    ...(idleLimitMs === undefined ? {} : { idleLimitMs }),
  });
  return answer === null
    ? refused(0, 'the Bot API server gives a path of its own disk; put a file server for it at the file root')
    : readFile(answer, maxBytes);
}

const readPath = (result: unknown): string | null => {
  const file = asObject<File>(result);
  return file && (asText(file.file_path) ?? '');
};

/** Whether the file server answers at all; it has no file at this path. */
export async function reachFiles(client: TelegramClient, limitMs: number): Promise<CallOutcome<true>> {
  const answer = await client.download('chatferry/is-there-a-file-server', { limitMs });
  if (answer === null || answer.kind === 'withheld')
    return withheld(answer?.detail ?? 'the token is no part of an address');
  if (answer.kind !== 'answered') return unavailable(answer.detail);
  answer.body.on('error', () => undefined).destroy();
  return answer.status >= 500 ? unavailable(`the file server answered ${answer.status}`) : { kind: 'ok', value: true };
}

async function readFile(answer: HttpStream | Withheld, maxBytes: number): Promise<DownloadOutcome> {
  if (answer.kind === 'withheld') return withheld(answer.detail);
  if (answer.kind !== 'answered') return unavailable(answer.detail);
  const { status, headers } = answer;
  const isAnnouncedTooLarge = Number(headers['content-length'] ?? 0) > maxBytes;
  const content = await readAll(answer, status === 200 && !isAnnouncedTooLarge ? maxBytes : 0);
  if (status !== 200) {
    const detail = `the file server answered ${status}`;
    return isPassing(status) ? unavailable(detail) : refused(status, detail);
  }
  if (content === 'cut-short') return unavailable(answer.stopDetail() ?? 'the download was cut short');
  return content === null || isAnnouncedTooLarge ? { kind: 'too-large', maxBytes } : { kind: 'ok', value: { content } };
}

/** The token was accepted a moment ago, so that 401 and 403 pass too; a path that is gone is replaced by the next try. */
const gonePath: ReadonlySet<number> = new Set([401, 403, 404, 410]);

const isPassing = (status: number): boolean =>
  status >= 500 || status === 429 || status === 408 || status === 425 || gonePath.has(status);

/** Null if it is larger. */
async function readAll(answer: HttpStreamAnswer, maxBytes: number): Promise<Buffer | null | 'cut-short'> {
  try {
    return await readWhole(answer, maxBytes);
  } catch {
    // The connection ended, or the limit of time did: the body rejects for nothing else, and its words may quote the address.
    return 'cut-short';
  }
}

const unavailable = (detail: string) => ({ kind: 'unavailable', retryAfterMs: null, detail }) as const;

const withheld = (detail: string) => ({ kind: 'refused', broken: true, providerCode: 0, detail }) as const;

const refused = (providerCode: number, detail: string): DownloadOutcome => ({
  kind: 'refused',
  broken: false,
  providerCode,
  detail,
});

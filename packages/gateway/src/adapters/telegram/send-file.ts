import type { FailureReason } from '@chatferry/contract';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { Wire } from '../../ports/channel.ts';
import { findAmendment } from './amend.ts';
import { chooseUpload } from './choose-upload.ts';
import { classifySend } from './classify.ts';
import type { TelegramClient } from './client.ts';
import type { WireFile } from './wire-file.ts';

/** Telegram: bots upload files of up to 50 MB to the cloud. */
const uploadMaxMegabytes = 50;
const fetchLimitMs = 20_000;

/**
 * Fetches the file and uploads it. What fails before the upload is proof that nothing was written. What is wrong with the file
 * does not concern the words: the outcome says how the message can be sent nevertheless. Telegram could fetch an
 * address itself, but only 20 MB, without the file's name, and without the gateway's checks of the address.
 */
export async function sendFile(
  client: TelegramClient,
  wire: Wire,
  { file, limitMs, fetchAttachment }: { file: WireFile; limitMs: number; fetchAttachment: FetchAttachment },
): Promise<SendOutcome> {
  const limits = { maxBytes: uploadMaxMegabytes * 1024 * 1024, limitMs: fetchLimitMs };
  const fetched = await fetchAttachment(file.url, limits);
  const what = file.name === null ? 'the file' : `the file “${file.name}”`;
  switch (fetched.kind) {
    case 'too-large':
      return notSent(
        wire,
        `${what} is larger than the ${uploadMaxMegabytes} MB that a bot may send; please send a link to it instead`,
        'too_large',
      );
    case 'refused':
      return notSent(wire, `${what} could not be fetched from the inbox: ${fetched.detail}; please attach it again`);
    case 'unavailable':
      return {
        kind: 'deferred',
        because: 'not-written',
        detail: `${what} could not be fetched from the inbox: ${fetched.detail}`,
      };
    case 'ok': {
      if (fetched.content.length === 0) return notSent(wire, `${what} is empty`);
      const { file: _, ...parameters } = wire;
      const given = { name: file.name, mediaType: file.media_type, asDocument: file.as_document === true };
      const upload = chooseUpload(fetched.content, given);
      const answer = await client.upload(upload, parameters, { limitMs: limitMs - fetchLimitMs });
      return findAmendment(wire, classifySend(answer), upload.method);
    }
  }
}

const notSent = (wire: Wire, detail: string, why: FailureReason = 'refused'): SendOutcome =>
  findAmendment(wire, { kind: 'rejected', reason: 'refused', why, providerCode: null, detail });

import { createHash } from 'node:crypto';
import type { EntryFile, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { repeatable } from './classify.ts';
import type { HubspotClient, Payload } from './client.ts';
import { encodeFile } from './encode.ts';
import type { HubspotSettings } from './settings.ts';

const folder = '/chatferry';

/**
 * Uploads what the entry carries: HubSpot's messages name files by id only. A try that is repeated uploads anew, since an
 * upload has no key; what the first one left stands in the folder, attached to nothing.
 */
export async function uploadFiles(
  client: HubspotClient,
  settings: HubspotSettings,
  entry: InboxEntry,
): Promise<InboxOutcome<readonly object[]>> {
  const encoded: object[] = [];
  for (const file of entry.attachments ?? []) {
    const asked = { effect: 'reads', about: 'account' } as const;
    const outcome = await client.upload(`/files/${settings.api_version}/files`, encodeUpload(file), asked);
    if (outcome.kind !== 'ok') return repeatable(outcome);
    const fileId = textAt(outcome.value, 'id');
    if (fileId === null) return { kind: 'rejected', detail: 'HubSpot took the file and did not say under which id' };
    encoded.push(encodeFile(file, fileId));
  }
  return { kind: 'ok', value: encoded };
}

/** HubSpot: `multipart/form-data` with the file, its folder, and who may read it. */
export function encodeUpload(file: EntryFile): Payload {
  const options = { access: 'PRIVATE', overwrite: false, duplicateValidationStrategy: 'NONE' };
  // A digest of the file does not stand in the file.
  const boundary = `chatferry-${createHash('sha256').update(file.content).digest('hex').slice(0, 40)}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = [
    field('fileName', file.name),
    field('folderPath', folder),
    field('options', JSON.stringify(options)),
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\n`,
    `content-type: ${file.mediaType}\r\n\r\n`,
  ];
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head.join('')), file.content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** As browsers do: RFC 7578 leaves it open, and a line break would end the header. */
const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

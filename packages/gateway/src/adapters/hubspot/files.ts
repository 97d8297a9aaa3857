import type { EntryFile, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { encodeForm } from '../http/multipart.ts';
import { textAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { asRepeatable } from './classify.ts';
import type { HubspotClient, Payload } from './client.ts';
import { encodeFile } from './encode.ts';

const folder = '/chatferry';

/**
 * Uploads the entry's files: HubSpot's messages name files only by id. A repeated try uploads them again, because an upload has no
 * idempotency key; the files of the first try stay in the folder, attached to nothing.
 */
export async function uploadFiles(client: HubspotClient, entry: InboxEntry): Promise<InboxOutcome<readonly object[]>> {
  const encoded: object[] = [];
  for (const file of entry.attachments ?? []) {
    const asked = { effect: 'reads', about: 'account' } as const;
    const outcome = await client.upload(apis.files.path, encodeUpload(file), asked);
    if (outcome.kind !== 'ok') return asRepeatable(outcome);
    const fileId = textAt(outcome.value, 'id');
    if (fileId === null) return { kind: 'rejected', detail: 'HubSpot took the file and did not say under which id' };
    encoded.push(encodeFile(file, fileId));
  }
  return { kind: 'ok', value: encoded };
}

/** HubSpot: a form with the file, its folder, and who may read it. */
export function encodeUpload({ name, mediaType, content }: EntryFile): Payload {
  const options = { access: 'PRIVATE', overwrite: false, duplicateValidationStrategy: 'NONE' };
  const { contentType, body } = encodeForm(
    { fileName: name, folderPath: folder, options: JSON.stringify(options) },
    { field: 'file', name, mediaType, content },
  );
  return { contentType, bytes: body };
}

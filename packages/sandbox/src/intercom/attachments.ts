import type { Environment } from './environment.ts';
import { isFields, optionalList, requiredString } from './fields.ts';
import type { Call } from './operation.ts';
import { invalid } from './refusal.ts';
import type { Attachment } from './workspace.ts';

/** Intercom: at most ten of each kind. */
const ATTACHMENTS_MAX = 10;

/** `attachment_urls` are images by address; they are kept as given and never fetched. */
export function attachmentUrls(call: Call): readonly Attachment[] {
  return optionalList(call.body, 'attachment_urls', ATTACHMENTS_MAX).map((url) => {
    if (typeof url !== 'string' || !URL.canParse(url)) throw invalid('attachment_urls must be a list of URLs');
    const name = new URL(url).pathname.split('/').pop();
    return { type: 'upload', name: name ? name : 'image', url, content_type: 'image/*', filesize: 0 };
  });
}

/** `attachment_files` are stored, and served under an address that needs no token, as Intercom's are. */
export function attachmentFiles(environment: Environment, call: Call): readonly Attachment[] {
  return optionalList(call.body, 'attachment_files', ATTACHMENTS_MAX).map((file) => {
    if (!isFields(file)) throw invalid('attachment_files must be a list of files');
    const name = requiredString(file, 'name');
    const contentType = requiredString(file, 'content_type');
    const encoded = requiredString(file, 'data');
    const data = Buffer.from(encoded, 'base64');
    if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(encoded)) throw invalid('attachment_files data must be base64');
    const id = environment.ids.hex(24);
    call.workspace.files.set(id, { name, contentType, data });
    return {
      type: 'upload',
      name,
      url: `${call.baseUrl}/attachments/${id}/${encodeURIComponent(name)}`,
      content_type: contentType,
      filesize: data.length,
    };
  });
}

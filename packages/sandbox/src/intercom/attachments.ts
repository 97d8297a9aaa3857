import type { FastifyInstance } from 'fastify';
import type { Faults } from '../faults.ts';
import { isFields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import { optionalList, requiredString } from './fields.ts';
import type { Call } from './operation.ts';
import { invalid } from './refusal.ts';
import type { Attachment, StoredFile, Workspace } from './workspace.ts';

/** Intercom: at most ten URLs and ten files. */
const attachmentsMax = 10;

/** `attachment_urls` are addresses of images. They are stored as given and not fetched. */
export function attachmentUrls(call: Call): readonly Attachment[] {
  return optionalList(call.body, 'attachment_urls', attachmentsMax).map((url) => {
    if (typeof url !== 'string' || !URL.canParse(url)) throw invalid('attachment_urls must be a list of URLs');
    const name = new URL(url).pathname.split('/').pop();
    return { type: 'upload', name: name ? name : 'image', url, content_type: 'image/*', filesize: 0 };
  });
}

/** `attachment_files` are stored. Intercom: they are served at an address that needs no token. */
export function attachmentFiles(environment: Environment, call: Call): readonly Attachment[] {
  return optionalList(call.body, 'attachment_files', attachmentsMax).map((file) => {
    if (!isFields(file)) throw invalid('attachment_files must be a list of files');
    const name = requiredString(file, 'name');
    const contentType = requiredString(file, 'content_type');
    const encoded = requiredString(file, 'data');
    const data = Buffer.from(encoded, 'base64');
    if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(encoded)) throw invalid('attachment_files data must be base64');
    return storeAttachment(environment, call.workspace, call.baseUrl, { name, contentType, data });
  });
}

export function storeAttachment(
  environment: Environment,
  workspace: Workspace,
  baseUrl: string,
  file: StoredFile,
): Attachment {
  const id = environment.ids.hex(24);
  workspace.files.set(id, file);
  const { name, contentType, data } = file;
  return {
    type: 'upload',
    name,
    url: `${baseUrl}/attachments/${id}/${encodeURIComponent(name)}`,
    content_type: contentType,
    filesize: data.length,
  };
}

/** Serves the contents of the files, at addresses that need no token. */
export function mountAttachments(app: FastifyInstance, faults: Faults, workspaces: () => readonly Workspace[]): void {
  app.get<{ Params: { file: string } }>('/attachments/:file/:name', async (request, reply) => {
    const { file: id } = request.params;
    const call = { provider: 'intercom' as const, operation: 'GET /attachments/{file}/{name}', subject: id };
    await faults.guard(call, reply, () => {
      const file = workspaces().flatMap((workspace) => workspace.files.get(id) ?? [])[0];
      return file
        ? { status: 200, body: file.data, headers: { 'content-type': file.contentType } }
        : { status: 404, body: '' };
    });
    return reply;
  });
}

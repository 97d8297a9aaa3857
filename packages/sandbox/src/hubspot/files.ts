import type { FastifyInstance } from 'fastify';
import type { Faults } from '../faults.ts';
import { isFields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import type { Call, Operation } from './operation.ts';
import type { Portal, StoredFile } from './portal.ts';
import type { Portals } from './portals.ts';
import { HubspotRefusal, invalid, missing, notFound } from './refusal.ts';
import { isoTime } from './time.ts';

const basePath = '/files/{version}/files';
const signedUrlLifeMs = 3_600_000;
const accessTypes = [
  'PRIVATE',
  'PUBLIC_INDEXABLE',
  'PUBLIC_NOT_INDEXABLE',
  'HIDDEN_INDEXABLE',
  'HIDDEN_NOT_INDEXABLE',
  'HIDDEN_PRIVATE',
];

function accessIn(given: unknown): string {
  if (typeof given !== 'string') throw missing('options');
  let options: unknown;
  try {
    options = JSON.parse(given);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalid('options must be JSON');
  }
  const access = isFields(options) ? options['access'] : undefined;
  if (typeof access !== 'string' || !accessTypes.includes(access)) throw invalid('options.access is not valid');
  return access;
}

async function readForm(call: Call): Promise<FormData> {
  if (!call.contentType.startsWith('multipart/form-data')) {
    throw new HubspotRefusal(415, 'VALIDATION_ERROR', 'HTTP 415 Unsupported Media Type');
  }
  try {
    return await new Response(new Uint8Array(call.raw), { headers: { 'content-type': call.contentType } }).formData();
  } catch (cause) {
    if (cause instanceof TypeError) throw invalid('The form could not be read');
    throw cause;
  }
}

const contentAddress = (baseUrl: string, file: StoredFile) =>
  `${baseUrl}/file-contents/${file.id}/${encodeURIComponent(file.name)}`;

/** An address that needs no token, whatever the access of the file is. */
export const signedAddress = (baseUrl: string, file: StoredFile) =>
  `${contentAddress(baseUrl, file)}?signature=${file.signature}`;

function fileShape(call: Call, file: StoredFile) {
  const dot = file.name.lastIndexOf('.');
  return {
    id: file.id,
    name: dot > 0 ? file.name.slice(0, dot) : file.name,
    extension: dot > 0 ? file.name.slice(dot + 1) : '',
    path: `${file.folderPath}/${file.name}`,
    type: file.contentType.startsWith('image/') ? 'IMG' : 'OTHER',
    size: file.data.length,
    url: contentAddress(call.baseUrl, file),
    access: file.access,
    createdAt: isoTime(file.createdAtMs),
    updatedAt: isoTime(file.createdAtMs),
    archived: false,
  };
}

/** HubSpot: `file`, `options` with the access, and a folder are required. */
async function upload(environment: Environment, call: Call) {
  const form = await readForm(call);
  const file = form.get('file');
  if (!(file instanceof Blob)) throw missing('file');
  const folderPath = form.get('folderPath') ?? form.get('folderId');
  if (typeof folderPath !== 'string') throw missing('folderPath');
  const fileName = form.get('fileName');
  const stored = storeFile(environment, call.portal, {
    name: typeof fileName === 'string' ? fileName : file.name,
    contentType: file.type || 'application/octet-stream',
    access: accessIn(form.get('options')),
    folderPath,
    data: Buffer.from(await file.arrayBuffer()),
  });
  environment.context.feed.publish('hubspot', 'file.uploaded', { portalId: call.portal.id, fileId: stored.id });
  return fileShape(call, stored);
}

export function storeFile(
  environment: Environment,
  portal: Portal,
  given: Omit<StoredFile, 'id' | 'signature' | 'createdAtMs'>,
): StoredFile {
  const stored: StoredFile = {
    ...given,
    id: environment.ids.next('file'),
    signature: environment.ids.hex(32),
    createdAtMs: environment.context.clock.nowMs(),
  };
  portal.files.set(stored.id, stored);
  return stored;
}

function requestedFile(call: Call): StoredFile {
  const file = call.portal.files.get(call.params['fileId'] ?? '');
  if (!file) throw notFound('File');
  return file;
}

/** HubSpot: a page of files. Filters are not simulated. */
function listFiles(call: Call) {
  const files = [...call.portal.files.values()];
  const limit = Number(call.query['limit'] ?? 20);
  const start = Number(call.query['after'] ?? 0);
  const next = start + limit < files.length ? { paging: { next: { after: String(start + limit) } } } : {};
  return { results: files.slice(start, start + limit).map((file) => fileShape(call, file)), ...next };
}

export function fileOperations(environment: Environment): readonly Operation[] {
  return [
    { name: `POST ${basePath}`, status: 201, handle: (call) => upload(environment, call) },
    { name: `GET ${basePath}/search`, handle: listFiles },
    { name: `GET ${basePath}/{fileId}`, handle: (call) => fileShape(call, requestedFile(call)) },
    {
      name: `GET ${basePath}/{fileId}/signed-url`,
      handle(call) {
        const file = requestedFile(call);
        const { name, extension, type, size } = fileShape(call, file);
        const url = signedAddress(call.baseUrl, file);
        return {
          url,
          name,
          extension,
          type,
          size,
          expiresAt: isoTime(environment.context.clock.nowMs() + signedUrlLifeMs),
        };
      },
    },
  ];
}

/** Serves the contents of files without a token: of public files, and of private files with a signature. */
export function mountFileContents(app: FastifyInstance, faults: Faults, portals: Portals): void {
  app.get<{ Params: { id: string }; Querystring: { signature?: string } }>(
    '/file-contents/:id/:name',
    async (request, reply) => {
      const { id } = request.params;
      const call = { provider: 'hubspot' as const, operation: 'GET /file-contents/{id}/{name}', subject: id };
      await faults.guard(call, reply, () => {
        const file = portals.list().flatMap((portal) => portal.files.get(id) ?? [])[0];
        if (!file) return { status: 404, body: '' };
        const isOpen = file.access.startsWith('PUBLIC') || request.query.signature === file.signature;
        return isOpen
          ? { status: 200, body: file.data, headers: { 'content-type': file.contentType } }
          : { status: 403, body: '' };
      });
      return reply;
    },
  );
}

import { collectionOf, errorCatalogue, llmsText, operations } from '@chatferry/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../operations/api-error.ts';
import { baseOf } from './base.ts';
import { createDocumentText } from './document-text.ts';
import { createManuals, type ReadManual } from './manuals.ts';
import { sendDocument, viewerPolicy } from './page.ts';
import { errorListPage, errorPage, homePage, noViewerPage, viewerPage } from './pages.ts';
import { type Asset, createAssets, type ReadAsset } from './viewer-files.ts';

/**
 * What the gateway says about itself: a page at its address, the OpenAPI document, a viewer for it, the guides, a page for each
 * error, a collection of requests, and `llms.txt`. All of it is public, the same for every caller, and needs neither the
 * database nor another host.
 */
export function bindDocumentation(app: FastifyInstance): void {
  const readAsset = createAssets();
  const documentAt = createDocumentText();
  const readManual = createManuals();
  app.get('/', (_request, reply) => sendDocument(reply, homePage()));
  app.get('/openapi.json', (request, reply) => sendJson(reply, documentAt(baseOf(request))));
  app.get('/docs', (_request, reply) => sendViewer(readAsset, reply));
  app.get('/docs/collection.json', (request, reply) =>
    sendJson(reply, JSON.stringify(collectionOf(operations, baseOf(request)))),
  );
  app.get('/docs/errors', (_request, reply) => sendDocument(reply, errorListPage()));
  app.get<{ Params: { name: string } }>('/docs/errors/:name', (request, reply) =>
    sendDocument(reply, errorPage(findError(request.params.name), baseOf(request))),
  );
  app.get('/docs/guides', (request, reply) => sendManual(readManual, request, reply, 'guides'));
  for (const folder of ['guides', 'reference'])
    app.get<{ Params: { name: string } }>(`/docs/${folder}/:name`, (request, reply) =>
      sendManual(readManual, request, reply, `${folder}/${request.params.name}`),
    );
  app.get<{ Params: { file: string } }>('/docs/assets/:file', (request, reply) =>
    sendAsset(readAsset, request, reply, request.params.file),
  );
  app.get('/llms.txt', (request, reply) =>
    cachedBriefly(reply)
      .type('text/plain; charset=utf-8')
      .send(llmsText(operations, baseOf(request))),
  );
}

const cachedBriefly = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-cache');

const sendJson = (reply: FastifyReply, text: string): FastifyReply =>
  cachedBriefly(reply).type('application/json; charset=utf-8').send(text);

async function sendViewer(readAsset: ReadAsset, reply: FastifyReply): Promise<FastifyReply> {
  const isInstalled = (await readAsset('viewer.js')) !== null;
  return sendDocument(reply, isInstalled ? viewerPage() : noViewerPage(), isInstalled ? viewerPolicy : undefined);
}

async function sendManual(
  readManual: ReadManual,
  request: FastifyRequest,
  reply: FastifyReply,
  address: string,
): Promise<FastifyReply> {
  const page = await readManual(address, baseOf(request));
  if (page === null)
    throw new ApiError('NOT_FOUND', { message: 'There is no such guide. /docs/guides lists all of them.' });
  return sendDocument(reply, page);
}

function findError(name: string) {
  const wanted = name.toUpperCase();
  const entry = errorCatalogue.find((one) => one.name === wanted || String(one.code) === wanted);
  if (entry === undefined)
    throw new ApiError('NOT_FOUND', { message: 'There is no such error. /docs/errors lists all of them.' });
  return entry;
}

/** How long a browser uses a file without asking, in seconds. Afterwards it asks, and mostly learns that nothing changed. */
const assetSeconds = 3_600;

async function sendAsset(
  readAsset: ReadAsset,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
): Promise<FastifyReply> {
  const asset = await readAsset(name);
  if (asset === null) throw new ApiError('NOT_FOUND');
  void reply.headers({ 'cache-control': `public, max-age=${assetSeconds}`, etag: asset.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
  return sendBytes(request, reply.type(asset.type), asset);
}

function sendBytes(request: FastifyRequest, reply: FastifyReply, { plain, gzipped }: Asset): FastifyReply {
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(plain);
}

import type { FastifyInstance } from 'fastify';
import { fileLinkPath } from '../operations/messages/file-links.ts';
import type { OpenedFile } from '../operations/messages/open-file.ts';

export interface FileLinkRoutes {
  readonly openFile: (link: string) => Promise<OpenedFile>;
}

/** The files that customers sent, by signed addresses. A browser saves them and shows none: they are not ours. */
export function bindFileLinks(app: FastifyInstance, { openFile }: FileLinkRoutes): void {
  app.get<{ Params: { link: string } }>(`${fileLinkPath}/:link`, async (request, reply) => {
    const { name, mediaType, content, release } = await openFile(request.params.link);
    // A caller who left while the file was fetched does not close the connection again.
    if (reply.raw.closed) release();
    else reply.raw.once('close', release);
    return reply
      .header('content-type', mediaType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('cache-control', 'private, no-store')
      .send(content);
  });
}

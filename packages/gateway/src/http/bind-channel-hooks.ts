import type { FastifyInstance } from 'fastify';
import type { Directory, OpenChannel } from '../engine/directory/directory.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { BoundSecret } from '../ports/secret.ts';

export interface HookDeps {
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly secretOf: (open: OpenChannel) => BoundSecret;
  readonly receiveUpdates: (open: OpenChannel, updates: readonly Buffer[]) => Promise<void>;
}

const bodyLimitBytes = 1024 * 1024;

/**
 * The webhook of the channels: verify, store, 200. Content that we do not understand gets no error, because Telegram would stop the
 * chat's queue. Only an unavailable store gets 503. An unknown path and a wrong secret get the same answer.
 */
export function bindHooks(app: FastifyInstance, deps: HookDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (_request, bytes, done) =>
    done(null, bytes),
  );

  app.post<{ Params: { path: string } }>(
    `/hooks/${deps.kind.kind}/:path`,
    { bodyLimit: bodyLimitBytes },
    async (request, reply) => {
      const open = await deps.directory.channelByHookPath(request.params.path);
      if (!open || !deps.kind.verify(request.headers, deps.secretOf(open))) return reply.code(401).send();
      if (!Buffer.isBuffer(request.body)) return reply.code(200).send();
      await deps.receiveUpdates(open, [request.body]);
      return reply.code(200).send();
    },
  );
}

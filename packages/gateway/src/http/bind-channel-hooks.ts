import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Directory, OpenChannel } from '../engine/directory/directory.ts';
import { ApiError } from '../operations/api-error.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { BoundSecret } from '../ports/secret.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { type GuessLimit, guessName } from './limit-guesses.ts';
import { allowBody, assertLength } from './read-body.ts';

export interface HookDeps {
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly secretOf: (open: OpenChannel) => BoundSecret;
  readonly receiveUpdates: (open: OpenChannel, updates: readonly Buffer[]) => Promise<void>;
  readonly guesses: GuessLimit;
}

/** The largest body of a webhook. */
export const hookBytesMax = 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The channel whose secret the head of a webhook call has. */
    hookChannel: OpenChannel | null;
  }
}

interface HookRoute {
  readonly Params: { readonly path: string };
}

/**
 * The webhook of the channels: verify, store, 200. The head alone proves the caller, so a body is read only after that. Content
 * that we do not understand gets no error, because Telegram would stop the chat's queue. Only an unavailable store gets 503. An
 * unknown path and a wrong secret get the same answer.
 */
export function bindHooks(app: FastifyInstance, deps: HookDeps, budgets: BodyBudgets): void {
  app.decorateRequest('hookChannel', null);
  app.post<HookRoute>(
    `/hooks/${deps.kind.kind}/:path`,
    { onRequest: (request, reply) => checkHead(deps, budgets, request, reply) },
    async (request, reply) => {
      const { body, hookChannel } = request;
      if (hookChannel !== null && Buffer.isBuffer(body)) await deps.receiveUpdates(hookChannel, [body]);
      return reply.code(200).send();
    },
  );
}

async function checkHead(
  { directory, kind, secretOf, guesses }: HookDeps,
  budgets: BodyBudgets,
  request: FastifyRequest<HookRoute>,
  reply: FastifyReply,
): Promise<void> {
  const { path } = request.params;
  const guess = { name: guessName('channel-path', path), address: request.ip };
  const open = await guesses.lookUp(guess, () => directory.channelByHookPath(path));
  if (open === null || !kind.verify(request.headers, secretOf(open))) throw unprovenHook();
  assertLength(request, hookBytesMax);
  request.hookChannel = open;
  allowBody(request, reply, budgets.proven(open.record.id));
}

/** The same answer for every webhook call that is not proven. */
export const unprovenHook = (): ApiError =>
  new ApiError('UNAUTHORIZED', {
    message:
      'This webhook call is not proven to come from its provider: the path, the secret or the signature is wrong. Nothing was done.',
  });

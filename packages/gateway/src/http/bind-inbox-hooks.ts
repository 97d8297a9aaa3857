import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import { networkOf } from '../operations/people/network-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectableKind, InboxKind } from '../ports/inbox-kind.ts';
import type { InboxCall } from '../receive/receive-inbox-call.ts';
import type { InboxCallReceipt } from '../receive/spool-inbox-calls.ts';
import { hookBytesMax, unprovenHook } from './bind-channel-hooks.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { assertJsonType } from './json-body.ts';
import { allowBody, assertLength } from './read-body.ts';

export interface InboxHookDeps {
  readonly inboxKinds: Readonly<Record<ConnectableKind, InboxKind<ConnectableKind>>>;
  /** The configured address. It is the one that was signed, where a proxy shows another one. */
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly receiveInboxCall: (call: InboxCall) => Promise<InboxCallReceipt>;
  /** Whether a workspace has this webhook path; null if that cannot be known now. Throws where too many unknown paths were tried. */
  readonly isInboxHook: (
    call: Pick<InboxCall, 'kind' | 'network'> & { readonly hookPath: string },
  ) => Promise<boolean | null>;
}

const refusedRetryMs = 5_000;

/**
 * The webhooks of the inboxes, which report the agents' replies: verify the raw bytes, store, empty 200. An unknown path and a
 * wrong signature get the same answer. Each workspace has its own path. Where one address serves all accounts of an app, the call
 * names its account, and the signature proves it.
 */
export function bindInboxHooks(app: FastifyInstance, deps: InboxHookDeps, budgets: BodyBudgets): void {
  for (const { kind } of Object.values(deps.inboxKinds)) {
    app.post<{ Params: { path: string } }>(
      `/hooks/${kind}/:path`,
      {
        onRequest: (request, reply) =>
          checkHead(deps, budgets, { kind, hookPath: request.params.path }, request, reply),
      },
      async (request, reply) => receive(deps, { kind, hookPath: request.params.path }, request, reply),
    );
    app.post(
      `/hooks/${kind}`,
      { onRequest: (request, reply) => checkHead(deps, budgets, { kind, hookPath: null }, request, reply) },
      async (request, reply) => receive(deps, { kind, hookPath: null }, request, reply),
    );
  }
}

type Hook = Pick<InboxCall, 'hookPath'> & { readonly kind: ConnectableKind };

/**
 * Checks everything that the head tells. A workspace's own path is a secret. At an address that all accounts share, the head can
 * only be plausible.
 */
async function checkHead(
  { inboxKinds, clock, isInboxHook }: InboxHookDeps,
  budgets: BodyBudgets,
  { kind, hookPath }: Hook,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (!inboxKinds[kind].hasSignature(request.headers, clock.nowMs())) throw unprovenHook();
  const network = networkOf(request.ip);
  const isKnown = hookPath === null ? null : await isInboxHook({ kind, hookPath, network });
  if (isKnown === false) throw unprovenHook();
  assertJsonType(request.headers['content-type'], request.headers['content-encoding']);
  assertLength(request, hookBytesMax);
  allowBody(request, reply, isKnown === true ? budgets.proven(`${kind} ${hookPath}`) : budgets.sharedHooks(network));
}

async function receive(
  { publicUrl, clock, receiveInboxCall }: InboxHookDeps,
  hook: Hook,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const receipt = await receiveInboxCall({
    ...hook,
    method: request.method,
    url: `${publicUrl ?? ''}${request.url}`,
    headers: request.headers,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    receivedAtMs: clock.nowMs(),
    network: networkOf(request.ip),
  });
  if (receipt === 'forged') throw unprovenHook();
  if (receipt === 'refused') throw new ApiError('UNAVAILABLE', { retryAfterMs: refusedRetryMs });
  return reply.code(200).send();
}

import type { Loop } from '../engine/lanes/supervisor.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { findSigners, type InboxCall, type InboxCallDeps, storeCall } from './receive-inbox-call.ts';

/** Where calls wait on disk while the store is unavailable. */
export interface Spool {
  append(payload: Buffer): Promise<void>;
  hasRecords(): boolean;
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
}

export interface SpoolDeps extends InboxCallDeps {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: EngineLog;
}

/** Intercom gives up after five seconds. After this time the call is written to the disk. */
const storeLimitMs = 2_000;
const drainEveryMs = 1_000;

/**
 * Receives a call of an inbox. It is durable when it resolves. Resolves with false for a forged call.
 *
 * Calls that an inbox does not repeat for long must not be lost while the store is unavailable: they are written to the disk,
 * flushed, and stored later, in order. While calls wait there, later ones are appended to them. The workspace of a call may be
 * unknown without the store. Then its signature is verified when it is read from the disk. Calls that the inbox repeats are refused
 * while the store is unavailable.
 */
export async function receiveInboxCall(deps: SpoolDeps, call: InboxCall): Promise<boolean> {
  if (!deps.inboxKinds[call.kind].repeatsCalls) return storeOrSpool(deps, call);
  const workspaces = await findSigners(deps, call);
  await storeCall(deps, call, workspaces);
  return workspaces.length > 0;
}

/** Stores the calls that wait on disk, once the store is available again. */
export const spoolLoop = (deps: SpoolDeps): Loop => ({
  name: 'spool',
  async run(signal) {
    while (!signal.aborted) {
      const count = await deps.spool.drain((payload) => storeFromDisk(deps, payload));
      if (count > 0) deps.log.warn('inbox_calls.taken_in', { count });
      await deps.clock.sleep(drainEveryMs, signal);
    }
  },
});

async function storeOrSpool(deps: SpoolDeps, call: InboxCall): Promise<boolean> {
  const { clock, log } = deps;
  const attempt = tryToStore(deps, call);
  const ended = new AbortController();
  const timeout = clock.sleep(storeLimitMs, ended.signal).then((): 'timeout' => 'timeout');
  const outcome = await Promise.race([attempt, timeout]);
  ended.abort(null);
  // Without an answer in time the call is spooled too: an event that is stored twice changes nothing.
  if (outcome === 'timeout') {
    void attempt.then((late) => {
      if (late.kind === 'failed') log.warn('inbox_call.late', { err: late.cause, kind: call.kind });
    });
    return spoolCall(deps, call, null);
  }
  if (outcome.kind === 'done') return outcome.isGenuine;
  // An unsigned call must not fill the disk, unless only the store could have verified it.
  if (!outcome.isSigned && !isStoreAway(outcome.cause)) throw outcome.cause;
  return spoolCall(deps, call, outcome.cause);
}

type Attempt =
  | { readonly kind: 'done'; readonly isGenuine: boolean }
  | { readonly kind: 'failed'; readonly isSigned: boolean; readonly cause: unknown };

/** Never rejects. */
async function tryToStore(deps: SpoolDeps, call: InboxCall): Promise<Attempt> {
  let isSigned = false;
  try {
    const workspaces = await findSigners(deps, call);
    isSigned = workspaces.length > 0;
    if (!isSigned) return { kind: 'done', isGenuine: false };
    if (deps.spool.hasRecords()) await spoolCall(deps, call, null);
    else await storeCall(deps, call, workspaces);
    return { kind: 'done', isGenuine: true };
  } catch (cause) {
    return { kind: 'failed', isSigned, cause };
  }
}

async function spoolCall({ spool, log }: SpoolDeps, call: InboxCall, cause: unknown): Promise<true> {
  await spool.append(encodeCall(call));
  log.warn('inbox_call.spooled', { kind: call.kind, ...(cause === null ? {} : { err: cause }) });
  return true;
}

/** Resolves with false for a call that cannot be stored. Rejects while the store is unavailable. */
async function storeFromDisk(deps: SpoolDeps, payload: Buffer): Promise<boolean> {
  try {
    const call = decodeCall(payload);
    const workspaces = await findSigners(deps, call);
    if (workspaces.length === 0) deps.log.warn('inbox_call.refused', { kind: call.kind });
    await storeCall(deps, call, workspaces);
    return true;
  } catch (err) {
    if (isStoreAway(err)) throw err;
    deps.log.error('inbox_call.untaken', { err });
    return false;
  }
}

/** Contains only the headers that signatures cover. */
function encodeCall(call: InboxCall): Buffer {
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => name.startsWith('x-')));
  return Buffer.from(JSON.stringify({ ...call, headers, rawBody: call.rawBody.toString('base64') }));
}

function decodeCall(payload: Buffer): InboxCall {
  const call = JSON.parse(payload.toString());
  return { ...call, rawBody: Buffer.from(call.rawBody, 'base64') };
}

import type { Loop } from '../engine/lanes/supervisor.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { findSigners, type InboxCall, type InboxCallDeps, judgeByRoster, storeCall } from './receive-inbox-call.ts';
import type { Spool } from './spool.ts';
import type { UnverifiedCalls } from './unverified-calls.ts';

export interface SpoolDeps extends InboxCallDeps {
  /** For verified calls only. */
  readonly spool: Spool;
  readonly unverified: UnverifiedCalls;
  readonly clock: Clock;
  readonly log: EngineLog;
}

/** `durable`: it will be processed if it is genuine. `refused`: there is no room for it now. */
export type InboxCallReceipt = 'durable' | 'forged' | 'refused';

/** Intercom gives up after five seconds. After this time the call is written to the disk. */
const storeLimitMs = 2_000;
const drainEveryMs = 1_000;

/**
 * Receives a call of an inbox.
 *
 * Calls that an inbox does not repeat for long must not be lost while the store is unavailable: they are written to the disk,
 * flushed, and stored later, in order. While calls wait there, later ones are appended to them. Only verified calls are: while the
 * store is unavailable, the signature is checked with the workspaces as they were last read. A call of an unknown workspace has
 * little room of its own, and its signature is verified when it is read from the disk. Calls that the inbox repeats are refused
 * while the store is unavailable.
 */
export async function receiveInboxCall(deps: SpoolDeps, call: InboxCall): Promise<InboxCallReceipt> {
  if (!deps.inboxKinds[call.kind].repeatsCalls) return storeOrSpool(deps, call);
  const workspaces = await findSigners(deps, call, deps.lookUpForStranger);
  await storeCall(deps, call, workspaces);
  return workspaces.length > 0 ? 'durable' : 'forged';
}

/** Stores the calls that wait on disk, once the store is available again. */
export const spoolLoop = (deps: SpoolDeps): Loop => ({
  name: 'spool',
  async run(signal) {
    while (!signal.aborted) {
      const take = (payload: Buffer) => storeFromDisk(deps, payload);
      const count = (await deps.spool.drain(take)) + (await deps.unverified.drain(take));
      if (count > 0) deps.log.warn('inbox_calls.taken_in', { count });
      await deps.clock.sleep(drainEveryMs, signal);
    }
  },
});

async function storeOrSpool(deps: SpoolDeps, call: InboxCall): Promise<InboxCallReceipt> {
  const { clock, log } = deps;
  const progress = { isSigned: false };
  const attempt = tryToStore(deps, call, progress);
  const ended = new AbortController();
  const timeout = clock.sleep(storeLimitMs, ended.signal).then((): 'timeout' => 'timeout');
  const outcome = await Promise.race([attempt, timeout]);
  ended.abort(null);
  if (outcome === 'timeout') {
    void attempt.then((late) => {
      if (late.kind === 'failed') log.warn('inbox_call.late', { err: late.cause, kind: call.kind });
    });
    // Without an answer in time the call is spooled too: an event that is stored twice changes nothing.
    const judged = progress.isSigned ? 'signed' : judgeByRoster(deps, call);
    return judged === 'signed' ? spoolCall(deps, call, null) : judged === 'forged' ? 'forged' : 'refused';
  }
  if (outcome.kind === 'done') return outcome.receipt;
  if (progress.isSigned) return spoolCall(deps, call, outcome.cause);
  // A store that works would have verified the call, so it must not come to the disk.
  if (!isStoreAway(outcome.cause)) throw outcome.cause;
  const judged = judgeByRoster(deps, call);
  if (judged === 'forged') return 'forged';
  return judged === 'signed' ? spoolCall(deps, call, outcome.cause) : spoolUnverified(deps, call);
}

type Attempt =
  | { readonly kind: 'done'; readonly receipt: 'durable' | 'forged' }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Never rejects. */
async function tryToStore(deps: SpoolDeps, call: InboxCall, progress: { isSigned: boolean }): Promise<Attempt> {
  try {
    const workspaces = await findSigners(deps, call, deps.lookUpForStranger);
    progress.isSigned = workspaces.length > 0;
    if (!progress.isSigned) return { kind: 'done', receipt: 'forged' };
    if (deps.spool.hasRecords()) await spoolCall(deps, call, null);
    else await storeCall(deps, call, workspaces);
    return { kind: 'done', receipt: 'durable' };
  } catch (cause) {
    return { kind: 'failed', cause };
  }
}

async function spoolCall({ spool, log }: SpoolDeps, call: InboxCall, cause: unknown): Promise<'durable'> {
  await spool.append(encodeCall(call));
  log.warn('inbox_call.spooled', { kind: call.kind, ...(cause === null ? {} : { err: cause }) });
  return 'durable';
}

async function spoolUnverified({ unverified, log }: SpoolDeps, call: InboxCall): Promise<InboxCallReceipt> {
  if (!(await unverified.append(encodeCall(call), call.network))) return 'refused';
  log.warn('inbox_call.spooled_unverified', { kind: call.kind });
  return 'durable';
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
function encodeCall({ network: _, ...call }: InboxCall): Buffer {
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => name.startsWith('x-')));
  return Buffer.from(JSON.stringify({ ...call, headers, rawBody: call.rawBody.toString('base64') }));
}

function decodeCall(payload: Buffer): InboxCall {
  const call = JSON.parse(payload.toString());
  return { ...call, network: '', rawBody: Buffer.from(call.rawBody, 'base64') };
}

import type { Loop } from '../engine/lanes/supervisor.ts';
import type { Clock } from '../ports/clock.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { EngineLog } from '../ports/log.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import type { InboxCall, TakeInCall } from './receive-inbox-call.ts';

/** Where calls wait on disk while the store is away. */
export interface Spool {
  append(payload: Buffer): Promise<void>;
  hasRecords(): boolean;
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
}

export interface SpoolDeps {
  readonly intake: TakeInCall;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: EngineLog;
}

export interface SpooledIntake {
  /** Takes a call in: durable when it resolves. False where it is not genuine. */
  take(call: InboxCall): Promise<boolean>;
  /** Takes in what waits on disk, once the store is back. */
  readonly loop: Loop;
}

/** Intercom: gives up after five seconds. The store has this long before the disk takes over. */
const patienceMs = 2_000;
const lookEveryMs = 1_000;

/**
 * What an inbox does not repeat for long must be kept while the store is away: it goes to disk, flushed, and is taken in
 * afterwards, in its order. While something waits there, what comes later goes behind it. Whose call it is may not be known
 * without the store; then its signature is looked at when it is taken in. The others are refused meanwhile, and come again.
 */
export function createSpooledIntake({ intake, inboxKinds, spool, clock, log }: SpoolDeps): SpooledIntake {
  async function keep(call: InboxCall, cause: unknown): Promise<true> {
    await spool.append(encode(call));
    log.warn('inbox_call.spooled', { kind: call.kind, ...(cause === null ? {} : { err: cause }) });
    return true;
  }

  async function takeOrKeep(call: InboxCall): Promise<boolean> {
    let isRecognised = false;
    const taking = (async () => {
      const workspaces = await intake.recognise(call);
      isRecognised = workspaces.length > 0;
      if (workspaces.length === 0) return false;
      if (spool.hasRecords()) return keep(call, null);
      await intake.takeIn(call, workspaces);
      return true;
    })();
    // Without an answer in time it is kept as well: taken in twice it changes nothing.
    const ended = new AbortController();
    const late = clock.sleep(patienceMs, ended.signal).then((): 'late' => 'late');
    try {
      const taken = await Promise.race([taking, late]);
      if (taken !== 'late') return taken;
    } catch (cause) {
      // What nobody signed fills no disk, but for while the store alone could tell.
      if (!isRecognised && !isStoreAway(cause)) throw cause;
      return keep(call, cause);
    } finally {
      ended.abort(null);
    }
    taking.catch((err: unknown) => log.warn('inbox_call.late', { err, kind: call.kind }));
    return keep(call, null);
  }

  async function takeFromDisk(payload: Buffer): Promise<boolean> {
    try {
      const call = decode(payload);
      const workspaces = await intake.recognise(call);
      if (workspaces.length === 0) log.warn('inbox_call.refused', { kind: call.kind });
      await intake.takeIn(call, workspaces);
      return true;
    } catch (err) {
      if (isStoreAway(err)) throw err;
      log.error('inbox_call.untaken', { err });
      return false;
    }
  }

  return {
    async take(call) {
      if (!inboxKinds[call.kind].repeatsCalls) return takeOrKeep(call);
      const workspaces = await intake.recognise(call);
      await intake.takeIn(call, workspaces);
      return workspaces.length > 0;
    },
    loop: {
      name: 'spool',
      async run(signal) {
        while (!signal.aborted) {
          const count = await spool.drain(takeFromDisk);
          if (count > 0) log.warn('inbox_calls.taken_in', { count });
          await clock.sleep(lookEveryMs, signal);
        }
      },
    },
  };
}

/** Of the headers only what signatures are made of. */
function encode(call: InboxCall): Buffer {
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => name.startsWith('x-')));
  return Buffer.from(JSON.stringify({ ...call, headers, rawBody: call.rawBody.toString('base64') }));
}

function decode(payload: Buffer): InboxCall {
  const call = JSON.parse(payload.toString());
  return { ...call, rawBody: Buffer.from(call.rawBody, 'base64') };
}

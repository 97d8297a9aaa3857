import type { Directory, OpenChannel } from '../engine/directory/directory.ts';
import type { Roster } from '../engine/directory/roster.ts';
import type { ReceiveUpdates } from '../engine/updates/poll-channel.ts';
import type { ActivityRecorder } from '../engine/upkeep/record-activity.ts';
import { receiveUpdates } from '../receive/receive-channel-update.ts';
import type { SpoolDeps } from '../receive/spool-inbox-calls.ts';
import { createUnverifiedCalls } from '../receive/unverified-calls.ts';
import type { EngineParts } from './engine-parts.ts';

/** What receives and stores updates, and the calls of inboxes. */
export function buildIntake(
  { store, providers, erasures, journals, guesses, clock, log }: EngineParts,
  { directory, roster }: { readonly directory: Directory; readonly roster: Roster },
  activity: ActivityRecorder,
  wake: () => void,
): { readonly receiveUpdates: ReceiveUpdates; readonly inboxCallDeps: SpoolDeps } {
  const updateDeps = {
    store,
    kind: providers.kind,
    clock,
    log,
    onStored({ record: { id, workspaceId } }: OpenChannel) {
      activity.mark({ workspaceId, ownerId: id, leg: 'update' });
      wake();
    },
  };
  return {
    receiveUpdates: (open, updates) => receiveUpdates(updateDeps, open, updates),
    inboxCallDeps: {
      store,
      directory,
      roster,
      lookUpForStranger: guesses.lookUp,
      erasures,
      inboxKinds: providers.inboxKinds,
      inputsOf: ({ record }, nowMs) => providers.inputsOf(record, nowMs),
      spool: journals.calls,
      unverified: createUnverifiedCalls(journals.unverifiedCalls),
      clock,
      log,
      onStored({ record: { id } }) {
        activity.mark({ workspaceId: id, ownerId: id, leg: 'event' });
        wake();
      },
    },
  };
}

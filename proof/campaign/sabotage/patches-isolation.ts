import type { Patch } from './patch.ts';

/** Bugs by which work waits for a stranger's fault, or longer than it must. */
export const isolationPatches: readonly Patch[] = [
  {
    name: 'a lane that waits for something outside occupies a slot',
    harm: 'one bot whose server hangs stops the inbox work of all',
    find: 'const waiting = Math.min(waits.count(), inHand.size());',
    replace: 'const waiting = 0;',
    suites: ['lanes/worker.test.ts'],
  },
  {
    name: 'no places are kept for the replies of agents',
    harm: 'a reply waits until the entries of others are written',
    find: 'const reservedForReplies = 8;',
    replace: 'const reservedForReplies = 0;',
    suites: ['lanes/worker.test.ts'],
  },
  {
    name: 'lanes are claimed first come, first served, also under load',
    harm: 'a workspace waits until the backlog of another one is worked off',
    find: 'return isSaturated || without.length > 0',
    replace: 'return without.length > 0',
    suites: ['lanes/worker.test.ts'],
  },
  {
    name: 'a bot may have all lanes in hand',
    harm: 'one bot whose server hangs takes all the memory that is kept for lanes',
    find: 'size >= mostOf(party, share) ? [party] : []',
    replace: 'size > 1e9 ? [party] : []',
    suites: ['lanes/worker.test.ts'],
  },
  {
    name: 'events of other workspaces are sent to an endpoint',
    harm: 'a tenant gets the messages of another one',
    find: 'event.workspaceId === workspaceId &&',
    replace: 'event.workspaceId !== undefined &&',
    suites: ['webhooks/plan-fan-out.test.ts'],
  },
  {
    name: 'an endpoint without room passes events over',
    harm: 'an endpoint that was slow misses events',
    find: 'if (wanted.length <= room) return',
    replace: 'if (wanted.length >= 0) return',
    suites: ['webhooks/plan-fan-out.test.ts'],
  },
  {
    name: 'bots of one workspace do not take turns',
    harm: 'a bot waits until the backlog of another bot is worked off',
    find: 'order by place, run_at) as turn',
    replace: 'order by run_at) as turn',
    suites: ['store/lanes.test.ts'],
  },
  {
    name: 'a wait that the provider asked for counts as a failure',
    harm: 'after an outage a conversation waits ten minutes',
    find: 'const isFailure = end.exactly !== true;',
    replace: 'const isFailure = true;',
    suites: ['lanes/worker.test.ts'],
  },
  {
    name: 'lanes are not woken when the inbox answers again',
    harm: 'after an outage conversations keep its long wait',
    find: '{ atMs: nowMs, pauseMs }, workspacesMax); void wake(workspaceId);',
    replace: '{ atMs: nowMs, pauseMs }, workspacesMax);',
    suites: ['lanes/watch-outages.test.ts'],
  },
  {
    name: 'a file overtakes one of the same bot that waits',
    harm: 'large files of a bot wait for ever behind its small ones',
    find: '!waiting.isWaiting(name) && hasRoom(name, { bytes })',
    replace: 'hasRoom(name, { bytes })',
    suites: ['core/memory/file-budget.test.ts'],
  },
  {
    name: 'one party has all connections to a server',
    harm: 'a bot whose calls hang stops the calls of all bots at the same server',
    find: '(taken.get(party) ?? 0) < limits.perParty',
    replace: 'party !== null',
    suites: ['adapters/http/connections.test.ts'],
  },
  {
    name: 'the words of a message wait for its file',
    harm: 'an agent does not see what the customer says until a file is fetched',
    find: "state === 'open' ? await writeInPlace",
    replace: "state !== 'written' ? await writeInPlace",
    suites: ['mirror/mirror-files.test.ts'],
  },
];

import type { Config } from '../config/config.ts';
import type { PaceLimit, PaceLimits } from '../core/delivery/pace.ts';
import { createDirectory } from '../engine/directory/directory.ts';
import { createMarkHealth } from '../engine/directory/mark-health.ts';
import { createRoster } from '../engine/directory/roster.ts';
import { createSupervisor } from '../engine/lanes/supervisor.ts';
import { watchOutages } from '../engine/lanes/watch-outages.ts';
import { createPace } from '../engine/send/pace.ts';
import { readRoster } from '../engine/upkeep/read-roster.ts';
import { watchChanges } from '../engine/upkeep/watch-changes.ts';
import { buildDelivery } from './build-delivery.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Providers } from './open-providers.ts';

/** What several parts of the engine use. */
export type EngineCore = ReturnType<typeof buildCore>;

/** The callbacks close the circle: these parts notify parts that are built from them. */
export function buildCore(
  parts: EngineParts,
  { onChange, onMarked, onResult }: Readonly<Record<'onChange' | 'onMarked' | 'onResult', () => void>>,
) {
  const { config, store, epoch, providers, clock, random, log } = parts;
  const { kind } = providers;
  const supervisor = createSupervisor(clock, log);
  const lastSupervisor = createSupervisor(clock, log);
  const changes = watchChanges({ readChangeVersion: store.changes.readVersion, onChange, clock });
  const outages = watchOutages({ store, clock, log, onDue: onResult });
  const openInbox: Providers['openInbox'] = (record) =>
    providers.openInbox(record, () => outages.recordAnswer(record.id));
  const directory = createDirectory({ store, ...providers, openInbox }, clock, changes.ttlMs);
  const roster = createRoster({ store, ...providers });
  const rosterLoop = readRoster(roster, clock);
  const { activity } = parts;
  const health = createMarkHealth({ store, log, onChange: onMarked });
  const pace = createPace(paceLimits(config), kind, clock);
  const delivery = buildDelivery({
    config,
    pace,
    store,
    health,
    resultJournal: parts.journals.results,
    epoch,
    kind,
    supervisor,
    clock,
    random,
    log,
    onResult,
    onSent: ({ intent: { workspaceId, channelId } }) => activity.mark({ workspaceId, ownerId: channelId, leg: 'sent' }),
  });
  const claiming = {
    ...store,
    idempotency: { ...store.idempotency, release: delivery.releaseKey, end: delivery.endKeyedRequest },
  };
  return {
    supervisor,
    lastSupervisor,
    changes,
    outages,
    directory,
    roster,
    rosterLoop,
    health,
    pace,
    delivery,
    claiming,
  };
}

/** The limits of the settings. 0 means no limit. */
function paceLimits(config: Config): PaceLimits {
  const limit = (perSecond: number, burst: number): PaceLimit | null => (perSecond === 0 ? null : { perSecond, burst });
  return {
    bot: limit(config.botRatePerSecond, config.botRatePerSecond),
    chat: limit(config.chatRatePerSecond, config.chatRateBurst),
    group: limit(config.groupRatePerMinute / 60, config.chatRateBurst),
  };
}

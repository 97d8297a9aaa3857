import { mapInboxKinds } from '../adapters/registry.ts';
import { alarmHandlers } from '../operations/alarms/alarm-handlers.ts';
import { auditHandlers } from '../operations/audit/audit-handlers.ts';
import { bindHandlers } from '../operations/bind-handlers.ts';
import { channelHandlers } from '../operations/channels/channel-handlers.ts';
import { deleteChannelsOf } from '../operations/channels/delete-channel.ts';
import { connectionHandlers } from '../operations/connections/connection-handlers.ts';
import { customerHandlers } from '../operations/customers/customer-handlers.ts';
import { deadLetterHandlers } from '../operations/dead-letters/dead-letter-handlers.ts';
import { showEvent } from '../operations/events/show-event.ts';
import { keyHandlers } from '../operations/keys/key-handlers.ts';
import { peopleHandlers } from '../operations/people/people-handlers.ts';
import { createTestChannel } from '../operations/test-mode/create-test-channel.ts';
import { webhookHandlers } from '../operations/webhook-endpoints/webhook-handlers.ts';
import { workspaceHandlers } from '../operations/workspaces/workspace-handlers.ts';
import type { StoredEvent } from '../store/events.ts';
import type { ApiParts } from './api-parts.ts';
import { botsOf } from './bots-of.ts';

/** What is called with the administrator's token. */
export function managementHandlers(parts: ApiParts) {
  const { config, store, providers, engine, journals, erasures, vault, clock, random, digestOf, recordedHeads } = parts;
  const { publicUrl } = config;
  const defaultLimit = { perSecond: config.keyRatePerSecond, burst: config.keyRateBurst };
  const bounds = {
    defaultLimit,
    maxLimit: {
      perSecond: Math.max(defaultLimit.perSecond, config.keyRateMaxPerSecond),
      burst: Math.max(defaultLimit.burst, config.keyRateMaxBurst),
    },
  };
  const management = { store, vault, clock, random, digestOf, bounds, publicUrl, onChange: engine.onChange };
  const channelDeps = {
    ...management,
    ...botsOf(config, providers),
    openRecord: providers.openChannel,
    inboxKinds: providers.inboxKinds,
  };
  return {
    ...workspaceHandlers({
      ...management,
      ...providers,
      deleteChannelsOf: (workspaceId) => deleteChannelsOf(channelDeps, workspaceId),
    }),
    ...connectionHandlers({
      ...management,
      authorizations: providers.authorizations,
      apps: mapInboxKinds(({ kind: { kind }, settings }) => ({
        kind: providers.inboxKinds[kind],
        settings: settings.app,
        values: config.inboxes[kind].app,
      })),
    }),
    ...channelHandlers(channelDeps),
    ...keyHandlers(management),
    ...bindHandlers({ ...management, phones: parts.phones }, { createTestChannel }),
    ...alarmHandlers({ store }),
    ...auditHandlers({ store, recordedHeads }),
    ...peopleHandlers({ store, clock, random }),
    ...customerHandlers({
      store,
      erasures,
      channelName: providers.kind.displayName,
      clock,
      sweepFiles: journals.setAside.sweep,
    }),
    ...webhookHandlers({
      ...management,
      ...parts.webhooks,
      lastEvent: parts.lastEvent,
      showEvent: (event: StoredEvent) => showEvent(parts.linkTo, event),
      onDue: engine.onEvent,
      onAlarm: engine.onAlarm,
    }),
    ...deadLetterHandlers({ store, onReplayed: engine.onJob, onDecided: engine.onAlarm }),
  };
}

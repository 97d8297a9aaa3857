import type { AlarmFacts } from '@chatferry/gateway/internal/core/health/alarm';
import type { WebhookWatch } from '@chatferry/gateway/internal/core/health/watch-webhook';
import type { AlarmChanges } from '@chatferry/gateway/internal/store/alarms';
import type { SuspectChannel } from '@chatferry/gateway/internal/store/webhook-watches';

/** Alarms and watched webhooks affect no message, so this store never has any. */
export const readAlarmFacts = (): AlarmFacts => ({
  brokenChannels: [],
  brokenWorkspaces: [],
  inboxesDown: [],
  deadLetters: [],
  unknownMessages: [],
});

export const replaceAlarms = (): AlarmChanges => ({ raised: [], cleared: [] });
export const clearAlarmsOfDeadProcesses = (): void => undefined;
export const listSuspectWebhooks = (): readonly SuspectChannel[] => [];
export const listUnwatchedChannels = (): readonly string[] => [];
export const readWebhookWatch = (): WebhookWatch | null => null;
export const saveWebhookWatch = (): void => undefined;

export const alarmsQueries = {
  readFacts: readAlarmFacts,
  replace: replaceAlarms,
  clearOfDeadProcesses: clearAlarmsOfDeadProcesses,
};

export const webhookWatchesQueries = {
  listUnwatchedChannels,
  read: readWebhookWatch,
  save: saveWebhookWatch,
  listSuspect: listSuspectWebhooks,
};

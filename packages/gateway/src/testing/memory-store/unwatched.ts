import type { AlarmFacts } from '../../core/alarm.ts';
import type { WebhookWatch } from '../../core/watch-webhook.ts';
import type { AlarmChanges } from '../../store/alarms.ts';
import type { SuspectChannel } from '../../store/webhook-watches.ts';

/** Alarms and watched webhooks bear on no message: here nothing is ever to be seen of them. */
export const readAlarmFacts = (): AlarmFacts => ({
  brokenChannels: [],
  brokenWorkspaces: [],
  inboxesDown: [],
  deadLetters: [],
  unknownMessages: [],
});

export const settleAlarms = (): AlarmChanges => ({ raised: [], cleared: [] });
export const clearAlarmsOfDeadProcesses = (): void => undefined;
export const listSuspectWebhooks = (): readonly SuspectChannel[] => [];
export const listUnwatchedChannels = (): readonly string[] => [];
export const readWebhookWatch = (): WebhookWatch | null => null;
export const saveWebhookWatch = (): void => undefined;

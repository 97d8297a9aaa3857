import type { AlarmFacts } from '@chatferry/gateway/internal/core/health/alarm';
import type { AlarmChanges } from '@chatferry/gateway/internal/store/alarms';
import type { QueryBinder } from './bind-queries.ts';

/** Alarms affect no message, so this store never has any. */
export const readAlarmFacts = (): AlarmFacts => ({
  brokenChannels: [],
  brokenWorkspaces: [],
  secondWorkspaces: [],
  inboxesDown: [],
  deadLetters: [],
  unknownMessages: [],
  disabledEndpoints: [],
  guessedFactors: [],
});

export const replaceAlarms = (): AlarmChanges => ({ raised: [], cleared: [] });

export const clearAlarmsOfDeadProcesses = (): void => undefined;

/** The queries of `store.alarms`. */
export const alarms = ({ bind }: QueryBinder) =>
  bind('alarms', {
    readFacts: readAlarmFacts,
    replace: replaceAlarms,
    clearOfDeadProcesses: clearAlarmsOfDeadProcesses,
  });

import { findScheduleProblems, type SendMessage, scheduleDaysMax } from '@chatferry/contract';
import type { Clock } from '../../ports/clock.ts';
import { invalidValue } from '../api-error.ts';

export interface ScheduleDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How long messages are stored, in days. A message cannot be due later. */
  readonly messagesDays: number;
}

/** When a message is sent. Undefined: now. */
export const readSchedule = ({ send_at: at }: SendMessage): Date | undefined =>
  at === undefined ? undefined : new Date(at);

/** Throws TYPE_MISMATCH for a time in the past, or too far ahead. */
export function assertSchedule({ clock, messagesDays }: ScheduleDeps, body: SendMessage): void {
  const daysMax = Math.min(scheduleDaysMax, messagesDays);
  const [problem] = findScheduleProblems(body.send_at, clock.nowMs(), daysMax);
  if (problem !== undefined) throw invalidValue(problem.pointer, problem.message);
}

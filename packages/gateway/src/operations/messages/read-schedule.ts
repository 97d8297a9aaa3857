import { type SendMessage, scheduleDaysMax } from '@chatferry/contract';
import type { Clock } from '../../ports/clock.ts';
import { invalidValue } from '../api-error.ts';

export interface ScheduleDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How long messages are stored, in days. A message cannot be due later. */
  readonly messagesDays: number;
}

const dayMs = 24 * 3600 * 1_000;

/** When a message is sent. Undefined: now. */
export const readSchedule = ({ send_at: at }: SendMessage): Date | undefined =>
  at === undefined ? undefined : new Date(at);

/** Throws TYPE_MISMATCH for a time in the past, or too far ahead. */
export function assertSchedule({ clock, messagesDays }: ScheduleDeps, body: SendMessage): void {
  const { send_at: at } = body;
  const sendAt = readSchedule(body);
  if (sendAt === undefined) return;
  const aheadMs = sendAt.getTime() - clock.nowMs();
  if (aheadMs <= 0)
    throw invalidValue('/send_at', `send_at must be in the future; ${at} is past. Leave it out to send now.`);
  const daysMax = Math.min(scheduleDaysMax, messagesDays);
  if (aheadMs > daysMax * dayMs)
    throw invalidValue('/send_at', `send_at must be at most ${daysMax} days ahead; ${at} is later.`);
}

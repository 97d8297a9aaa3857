import type { CodedProblem } from '../json/problems.ts';
import { scheduleDaysMax } from './send-message.ts';

const dayMs = 24 * 3600 * 1_000;

/**
 * What is wrong with `send_at` at a moment. None where it is absent or no time: the schema says that. `daysMax`: how far ahead it may
 * be.
 */
export function findScheduleProblems(at: unknown, nowMs: number, daysMax = scheduleDaysMax): readonly CodedProblem[] {
  const aheadMs = typeof at === 'string' ? Date.parse(at) - nowMs : Number.NaN;
  if (aheadMs <= 0) return [problem(`send_at must be in the future; ${at} is past. Leave it out to send now.`)];
  if (aheadMs > daysMax * dayMs) return [problem(`send_at must be at most ${daysMax} days ahead; ${at} is later.`)];
  return [];
}

const problem = (message: string): CodedProblem => ({ code: 4, path: ['send_at'], pointer: '/send_at', message });

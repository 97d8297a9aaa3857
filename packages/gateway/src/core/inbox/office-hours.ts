import type { OutOfOffice } from '@chatferry/contract';

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/**
 * Whether the office is open, by its local time. An hour that summer time skips does not exist, and one that it repeats counts
 * twice. A span that ends before it begins continues into the next day.
 */
export function isOfficeOpen({ time_zone, weekly }: Pick<OutOfOffice, 'time_zone' | 'weekly'>, atMs: number): boolean {
  const { day, minute } = wallClock(time_zone, atMs);
  const yesterday = day === 1 ? 7 : day - 1;
  return weekly.some(({ days, from, to }) => {
    const begin = minutesOf(from);
    const end = minutesOf(to);
    if (begin < end) return days.includes(day) && minute >= begin && minute < end;
    return (days.includes(day) && minute >= begin) || (days.includes(yesterday) && minute < end);
  });
}

const dayNumbers: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

function wallClock(timeZone: string, atMs: number): { readonly day: number; readonly minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    day: dayNumbers[parts.get('weekday') ?? ''] ?? 0,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

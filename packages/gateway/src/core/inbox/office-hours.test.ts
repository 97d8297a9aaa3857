import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfficeOpen } from './office-hours.ts';

const weekdays = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
const fridayNight = { days: [5], from: '22:00', to: '06:00' };
const sundayNight = { days: [7], from: '22:00', to: '06:00' };
const earlySunday = { days: [7], from: '02:00', to: '03:00' };

describe('office hours', () => {
  it.each([
    // 2026-11-20 is a Friday.
    ['the first minute', 'Europe/Berlin', weekdays, '2026-11-20T09:00:00+01:00', true],
    ['a second before', 'Europe/Berlin', weekdays, '2026-11-20T08:59:59+01:00', false],
    ['the last second', 'Europe/Berlin', weekdays, '2026-11-20T16:59:59.999+01:00', true],
    ['the end', 'Europe/Berlin', weekdays, '2026-11-20T17:00:00+01:00', false],
    ['another day', 'Europe/Berlin', weekdays, '2026-11-21T12:00:00+01:00', false],
    ['Friday there, Saturday in UTC', 'America/Los_Angeles', weekdays, '2026-11-21T00:30:00Z', true],
    ['Monday there, Sunday in UTC', 'Pacific/Auckland', weekdays, '2026-11-22T20:30:00Z', true],
    ['a zone with half an hour', 'Asia/Kolkata', weekdays, '2026-11-20T03:30:00Z', true],
    ['midnight of a whole day', 'UTC', { days: [5], from: '00:00', to: '24:00' }, '2026-11-20T00:00:00Z', true],
    ['the end of a whole day', 'UTC', { days: [5], from: '00:00', to: '24:00' }, '2026-11-21T00:00:00Z', false],
    ['the evening of a night', 'UTC', fridayNight, '2026-11-20T22:00:00Z', true],
    ['the morning of a night', 'UTC', fridayNight, '2026-11-21T05:59:00Z', true],
    ['the same morning a day before', 'UTC', fridayNight, '2026-11-20T05:59:00Z', false],
    ['a night into Monday', 'UTC', sundayNight, '2026-11-23T01:00:00Z', true],
    ['nine in summer', 'Europe/Berlin', weekdays, '2026-07-03T07:00:00Z', true],
    ['nine in winter, an hour early', 'Europe/Berlin', weekdays, '2026-11-20T07:30:00Z', false],
    ['the hour that spring skips, before', 'Europe/Berlin', earlySunday, '2026-03-29T00:59:59Z', false],
    ['the hour that spring skips, after', 'Europe/Berlin', earlySunday, '2026-03-29T01:00:00Z', false],
    ['the hour that autumn repeats, first', 'Europe/Berlin', earlySunday, '2026-10-25T00:30:00Z', true],
    ['the hour that autumn repeats, second', 'Europe/Berlin', earlySunday, '2026-10-25T01:30:00Z', true],
    ['the hour after', 'Europe/Berlin', earlySunday, '2026-10-25T02:00:00Z', false],
  ] as const)('at %s (%s)', (_what, time_zone, hours, at, open) => {
    const weekly = [{ ...hours, days: [...hours.days] }];
    expect(isOfficeOpen({ time_zone, weekly }, Date.parse(at))).toBe(open);
  });

  const moment = fc.integer({ min: Date.parse('1980-01-01'), max: Date.parse('2060-01-01') });
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham', 'Australia/Lord_Howe');
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

  it('are never open without spans, and always open with a span on every day', () => {
    fc.assert(
      fc.property(zone, moment, (time_zone, atMs) => {
        expect(isOfficeOpen({ time_zone, weekly: [] }, atMs)).toBe(false);
        const always = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }];
        expect(isOfficeOpen({ time_zone, weekly: always }, atMs)).toBe(true);
      }),
    );
  });

  it('are closed exactly when the opposite hours are open', () => {
    const days = [1, 2, 3, 4, 5, 6, 7];
    fc.assert(
      fc.property(zone, moment, time, time, (time_zone, atMs, from, to) => {
        fc.pre(from !== to);
        const open = isOfficeOpen({ time_zone, weekly: [{ days, from, to }] }, atMs);
        expect(isOfficeOpen({ time_zone, weekly: [{ days, from: to, to: from }] }, atMs)).toBe(!open);
      }),
    );
  });
});

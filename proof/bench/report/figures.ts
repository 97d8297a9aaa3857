import { inFlight, intakePerSecond, mirroredPerSecond, steadyPerSecond, telegramLatencyMs } from '../plan.ts';
import type { Findings } from './findings.ts';

/** One measured value with its goal. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: { readonly words: string; readonly met: boolean } | null;
}

const digitsOf = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
export const shown = (value: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en-US', { minimumFractionDigits: digitsOf(value), maximumFractionDigits: digitsOf(value) })
    : 'none';

type Aimed = (what: string, value: number, unit: string, aim: number) => Figure;
const atLeast: Aimed = (what, value, unit, aim) => ({
  what,
  value,
  unit,
  aim: { words: `≥ ${aim.toLocaleString('en-US')}`, met: value >= aim },
});
const atMost: Aimed = (what, value, unit, aim) => ({
  what,
  value,
  unit,
  aim: { words: `≤ ${aim.toLocaleString('en-US')}`, met: value <= aim },
});
const plain = (what: string, value: number, unit: string): Figure => ({ what, value, unit, aim: null });

/** Computes every figure with a goal, and the figures that explain it. */
export function figuresOf(findings: Findings): readonly Figure[] {
  const { saturation, steady, idle, intake, start, mirror, flatness, together, plan } = findings;
  const { ours, forwarder, byHand } = saturation;
  const cpu = (of: typeof ours): number => of.cpu.process + of.cpu.database;
  const { few, manyChannels, manyMessages } = flatness;
  const channels = `${plan.channels.many.toLocaleString('en-US')} channels instead of ${plan.channels.few}`;
  const stored = `${plan.storedMessages.toLocaleString('en-US')} stored messages instead of none`;
  return [
    atLeast(`Sends, ${inFlight} in flight, Telegram at 0 ms`, ours.perSecond, 'a second', 5_000),
    atLeast('… as a share of the bare forwarder', (ours.perSecond / forwarder.perSecond) * 100, '%', 50),
    plain('… as a multiple of the baseline by hand', ours.perSecond / byHand.perSecond, '×'),
    plain('… latency, median', ours.p50Ms, 'ms'),
    plain('… latency, 99th percentile', ours.p99Ms, 'ms'),
    atMost('CPU of gateway and database for 1,000 sends', cpu(ours), 's', 0.35),
    plain('… in the gateway', ours.cpu.process, 's'),
    plain('… in the database', ours.cpu.database, 's'),
    plain('Sends in a process that also mirrors', together.sends.perSecond, 'a second'),
    atMost(
      `Added to a Telegram at ${telegramLatencyMs} ms, ${steadyPerSecond} sends a second, median`,
      steady[0]?.p50Ms ?? Number.NaN,
      'ms',
      2,
    ),
    atMost('… 99th percentile', steady[0]?.p99Ms ?? Number.NaN, 'ms', 15),
    atMost('Added to a single send on an idle machine, median', idle[0]?.p50Ms ?? Number.NaN, 'ms', 1.5),
    plain(`Webhook answer at ${intakePerSecond.toLocaleString('en-US')} a second, median`, intake.p50Ms, 'ms'),
    atMost('… 99th percentile', intake.p99Ms, 'ms', 20),
    plain('… 99th percentile in a process that also mirrors', together.intake.p99Ms, 'ms'),
    plain('Webhooks, maximum rate', intake.maxPerSecond, 'a second'),
    plain(`From the 201 to the inbox at ${mirroredPerSecond} a second, median`, mirror.p50Ms, 'ms'),
    atMost('… 99th percentile', mirror.p99Ms, 'ms', 1_000),
    atMost('First start, with a new database', start.firstMs / 1_000, 's', 8),
    atMost('Restart', start.againMs / 1_000, 's', 3),
    atMost('Memory of the gateway process, idle', start.residentMib, 'MiB', 200),
    atMost('… after the load', findings.loadedMib, 'MiB', 200),
    atMost(`CPU of a send with ${channels}`, cpu(manyChannels) / cpu(few), '×', 1.15),
    plain('… of the gateway alone', manyChannels.cpu.process / few.cpu.process, '×'),
    plain('… sends a second', manyChannels.perSecond / few.perSecond, '×'),
    atMost(`CPU of a send with ${stored}`, cpu(manyMessages) / cpu(few), '×', 1.15),
    plain('… of the database alone', manyMessages.cpu.database / few.cpu.database, '×'),
    plain('… sends a second', manyMessages.perSecond / few.perSecond, '×'),
  ];
}

/** Counts the unexpected answers. The figures of a run with any of them cannot be trusted. */
export function refusals({ saturation, steady, idle, intake, mirror, flatness, together }: Findings): number {
  const saturated = [saturation, flatness].flatMap((group) => Object.values(group) as { refused: number }[]);
  const all = [...saturated, ...steady, ...idle, intake, together.sends, together.intake];
  return all.reduce((sum, one) => sum + one.refused, mirror.missing);
}

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSandbox, type Exchange, type Sandbox, type SandboxOptions } from '@chatferry/sandbox';
import { inject } from 'vitest';
import { createExchangeCheck } from './exchange-check.ts';
import type { CheckedExchange, ProviderCheck } from './provider-check.ts';
import { violationKey, violationText } from './violation.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder with HubSpot's descriptions; empty: none. */
    hubspotDescriptions: string;
    /** The folder for what each watched sandbox has found; empty: none. */
    conformanceReports: string;
  }
}

/** What one sandbox has found, by provider and operation. */
export interface ConformanceReport {
  readonly checked: Readonly<Record<string, number>>;
  /** Exchanges without a description, and why. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  /** Differences that are right, and why. */
  readonly excepted: Readonly<Record<string, number>>;
}

let sharedCheck: ProviderCheck | undefined;

/** The descriptions are read once in each process. */
const checkOnce = (): ProviderCheck => {
  const folder = inject('hubspotDescriptions');
  sharedCheck ??= createExchangeCheck({ hubspotFolder: folder === '' ? undefined : folder });
  return sharedCheck;
};

/**
 * A sandbox that compares every exchange with the provider's own description: what the gateway sends, what the sandbox
 * answers, and its webhooks. `close` throws an error with the differences.
 */
export function createWatchedSandbox(options: Omit<SandboxOptions, 'record'> = {}): Sandbox {
  const check = checkOnce();
  const checks: Promise<CheckedExchange & Pick<Exchange, 'provider'>>[] = [];
  const sandbox = createSandbox({
    ...options,
    record: (exchange) => {
      const { provider } = exchange;
      const checked = check.check(exchange).then((found) => ({ provider, ...found }));
      // `close` throws the error of a check that failed.
      checked.catch(() => undefined);
      checks.push(checked);
    },
  });
  let isClosed = false;
  // Not a copy: `url` is known after `listen` only.
  return Object.create(sandbox, {
    close: {
      value: async () => {
        await sandbox.close();
        if (isClosed) return;
        isClosed = true;
        judge(await Promise.all(checks));
      },
    },
  }) as Sandbox;
}

function judge(found: readonly (CheckedExchange & Pick<Exchange, 'provider'>)[]): void {
  const texts = new Map(
    found.flatMap(({ violations }) => violations.map((one) => [violationKey(one), violationText(one)] as const)),
  );
  const violations = [...texts.values()];
  const label = ({ provider, operation, skipped }: (typeof found)[number]) =>
    `${provider} ${operation}${skipped === undefined ? '' : `: ${skipped}`}`;
  const report: ConformanceReport = {
    checked: countOf(found.filter(({ skipped }) => skipped === undefined).map(label)),
    skipped: countOf(found.filter(({ skipped }) => skipped !== undefined).map(label)),
    violations,
    excepted: countOf(found.flatMap(({ excepted = [] }) => excepted)),
  };
  const reports = inject('conformanceReports');
  if (reports !== '') writeFileSync(join(reports, `${randomUUID()}.json`), JSON.stringify(report));
  if (violations.length === 0) return;
  const more = violations.length > shownMax ? `\nand ${violations.length - shownMax} more` : '';
  const shown = violations.slice(0, shownMax).join('\n');
  throw new Error(`Exchanges differ from the providers' descriptions:\n${shown}${more}`);
}

const shownMax = 20;

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

import type { Exchange } from '@chatferry/sandbox';
import type { Problem } from './shape-check.ts';
import type { Violation } from './violation.ts';

/** Compares the exchanges of one provider with its description. */
export interface ProviderCheck {
  /** What the exchange is compared with; undefined where no description covers it. */
  check(exchange: Exchange): Promise<CheckedExchange>;
}

export interface CheckedExchange {
  /** The operation, method or topic, or the path where there is none. */
  readonly operation: string;
  /** True where no description covers the exchange; `why` says so. */
  readonly skipped?: string;
  readonly violations: readonly Violation[];
  /** Why other differences are right. */
  readonly excepted?: readonly string[];
}

/** Gives the problems of one part of an exchange their place. */
export const violationsOf = (
  place: Pick<Violation, 'provider' | 'part' | 'operation' | 'source'>,
  problems: readonly Problem[],
): readonly Violation[] => problems.map(({ at, rule }) => ({ ...place, at, rule }));

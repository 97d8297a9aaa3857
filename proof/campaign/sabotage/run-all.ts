import { findSuites, type Patch } from './patch.ts';
import { type Catch, catchBug, runUnharmed } from './run.ts';

export interface SabotageFindings {
  readonly results: readonly { readonly patch: Patch; readonly result: Catch }[];
  /** Tests that fail without any bug put back. They prove nothing; the list must be empty. */
  readonly unharmedFailures: readonly string[];
}

export const caughtIn = ({ results }: SabotageFindings): number =>
  results.filter(({ result }) => result.kind === 'caught').length;

/** The suites as they are, and then with each bug put back. */
export async function runSabotage(patches: readonly Patch[], say: (line: string) => void): Promise<SabotageFindings> {
  const suites = [...new Set(patches.flatMap(findSuites))];
  say(`${suites.length} suites without any bug put back …`);
  const unharmedFailures = await runUnharmed(suites);
  if (unharmedFailures.length > 0) return { results: [], unharmedFailures };
  const results: { readonly patch: Patch; readonly result: Catch }[] = [];
  for (const patch of patches) {
    const result = await catchBug(patch);
    results.push({ patch, result });
    say(`${patch.name}: ${sayCatch(result)}`);
  }
  return { results, unharmedFailures };
}

export function sayCatch(result: Catch): string {
  switch (result.kind) {
    case 'caught':
      return `caught by ${result.by}`;
    case 'missed':
      return 'NOT CAUGHT';
    case 'void':
      return `PROVES NOTHING: ${result.why}`;
  }
}

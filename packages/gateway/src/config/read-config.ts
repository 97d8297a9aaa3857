import { StartError } from '../errors/start-error.ts';
import { type Config, loadConfig } from './config.ts';

/** The configuration, or a `StartError` that lists every problem of it. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const loaded = loadConfig(env);
  if (loaded.ok) return loaded.config;
  const problems = loaded.problems.map((problem) => `  - ${problem}`).join('\n');
  throw new StartError(`The configuration has ${loaded.problems.length} problem(s):\n${problems}`);
}

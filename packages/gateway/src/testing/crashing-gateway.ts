/**
 * The gateway as it is built, with a death foreseen: at the call of a port that `CRASH_AT` names, for the `CRASH_HIT`th time, it
 * is killed as `kill -9` kills. `CRASH_LOG` is a file that takes each point when it is first reached.
 */
import { appendFileSync } from 'node:fs';
import { runGateway } from '../run-gateway.ts';
import { watchPorts } from './crash-points.ts';

// biome-ignore lint/style/noProcessEnv: a process of the tests, with an environment of its own.
const { CRASH_AT: crashAt, CRASH_HIT: crashHit = '1', CRASH_LOG: crashLog, ...env } = process.env;
const reached = new Set<string>();
let hits = 0;

runGateway(
  env,
  watchPorts((point) => {
    if (crashLog !== undefined && !reached.has(point)) appendFileSync(crashLog, `${point}\n`);
    reached.add(point);
    if (point !== crashAt) return;
    hits += 1;
    if (hits === Number(crashHit)) process.kill(process.pid, 'SIGKILL');
  }),
);

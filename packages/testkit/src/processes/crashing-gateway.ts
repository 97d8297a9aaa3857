/**
 * The gateway as it is built, with a death foreseen: at the call of a port that `CRASH_AT` or a line of its input names, as
 * `store.intents.record:before 2` for the second such call from then on, it is killed as `kill -9` kills. `CRASH_LOG` is a file
 * that takes each point when it is first reached.
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runGateway } from '@chatferry/gateway/internal/process/run-gateway';
import { unpaced } from '../rigs/unpaced.ts';
import { watchPorts } from './crash-points.ts';

// biome-ignore lint/style/noProcessEnv: a process of the tests, with an environment of its own.
const { CRASH_AT: crashAt, CRASH_LOG: crashLog, ...env } = process.env;
const reached = new Set<string>();
let foreseen: { readonly point: string; hitsLeft: number } | null = null;

const foresee = (line: string): void => {
  const [point = '', hit = '1'] = line.split(' ');
  foreseen = { point, hitsLeft: Number(hit) };
};

if (crashAt !== undefined) foresee(crashAt);
createInterface({ input: process.stdin }).on('line', foresee);
runGateway(
  { ...unpaced, ...env },
  {
    decorate: watchPorts((point) => {
      if (crashLog !== undefined && !reached.has(point)) appendFileSync(crashLog, `${point}\n`);
      reached.add(point);
      if (foreseen?.point !== point) return;
      foreseen.hitsLeft -= 1;
      if (foreseen.hitsLeft === 0) process.kill(process.pid, 'SIGKILL');
    }),
  },
);

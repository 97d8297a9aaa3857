/**
 * The gateway as it is built, in which the text of an entry for the inbox can be poison: `poison: kill` kills the process,
 * `poison: hang` blocks its event loop, and `poison: memory` fills its memory, each time that the entry is written.
 */
import { runGateway } from '@chatferry/gateway/internal/process/run-gateway';
import { unpaced } from '../rigs/unpaced.ts';
import { watchPorts } from './crash-points.ts';

const hoard: string[][] = [];

const poisons: Readonly<Record<string, () => void>> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  hang: () => {
    for (;;);
  },
  memory: () => {
    for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => `${index}`));
  },
};

runGateway(
  // biome-ignore lint/style/noProcessEnv: a process of the tests, with an environment of its own.
  { ...unpaced, ...process.env },
  {
    decorate: watchPorts((point, args) => {
      if (point !== 'inbox.append:before') return;
      const [, kind = ''] = /poison: (\w+)/.exec(JSON.stringify(args)) ?? [];
      poisons[kind]?.();
    }),
  },
);

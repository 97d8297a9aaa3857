import { readdirSync, readFileSync } from 'node:fs';

/** `immediate`: as `pg_ctl -m immediate` does. `backend`: one of its processes. `whole`: the postmaster and all of them. */
export type DatabaseDeath = 'immediate' | 'backend' | 'whole';

export const databaseDeaths: readonly DatabaseDeath[] = ['immediate', 'backend', 'whole'];

/** Kills a PostgreSQL server without a clean shutdown. */
export function killPostgres(postmasterPid: number, death: DatabaseDeath): void {
  const children = childrenOf(postmasterPid);
  switch (death) {
    case 'immediate':
      signal(postmasterPid, 'SIGQUIT');
      break;
    case 'backend': {
      const backend = children.find(({ command }) => command.includes('chatferry'));
      signal((backend ?? children[0])?.pid ?? postmasterPid, 'SIGKILL');
      break;
    }
    case 'whole':
      // The postmaster first: it would treat the end of a child as a crash, and clean up.
      for (const pid of [postmasterPid, ...children.map((child) => child.pid)]) signal(pid, 'SIGKILL');
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
  }
}

function childrenOf(parent: number): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      // The name of the program is in brackets and may contain anything.
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent ? [{ pid: Number(name), command: read(`/proc/${name}/cmdline`) }] : [];
    });
}

/** Empty when the process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return '';
    throw cause;
  }
}

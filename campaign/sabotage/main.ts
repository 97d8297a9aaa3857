/** `npm run sabotage`: puts bugs back, one at a time, and says which test noticed each. `-- <words>` takes those that match. */
import { patches } from './patches.ts';
import { catchBug, runUnharmed } from './run.ts';

const wanted = process.argv.slice(2).join(' ');
const chosen = patches.filter(({ name }) => name.includes(wanted));
const suites = [...new Set(chosen.flatMap((patch) => patch.suites))];
console.log(`${suites.length} suites without any bug put back …`);
const failed = await runUnharmed(suites);
if (failed.length > 0) {
  console.error(`They fail as they are, so that they prove nothing:\n${failed.join('\n')}`);
  process.exit(1);
}
let caught = 0;
for (const patch of chosen) {
  const result = await catchBug(patch);
  if (result.kind === 'caught') caught += 1;
  const says = { caught: 'caught by', missed: 'NOT CAUGHT', void: 'PROVES NOTHING:' }[result.kind];
  console.log(`${patch.name}: ${says} ${'by' in result ? result.by : 'why' in result ? result.why : ''}`);
}
console.log(`${caught} of ${chosen.length} caught`);
process.exitCode = caught === chosen.length ? 0 : 1;

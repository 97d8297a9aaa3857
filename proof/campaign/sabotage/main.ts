/** `npm run sabotage`: puts bugs back, one at a time, and says which test noticed each. `-- <words>` takes those that match. */
import { patches } from './patches.ts';
import { caughtIn, runSabotage } from './run-all.ts';

const wanted = process.argv.slice(2).join(' ');
const chosen = patches.filter(({ name }) => name.includes(wanted));
const findings = await runSabotage(chosen, console.log);
for (const failure of findings.unharmedFailures) console.error(`fails as it is, and proves nothing: ${failure}`);
console.log(`${caughtIn(findings)} of ${chosen.length} caught`);
process.exitCode = caughtIn(findings) === chosen.length ? 0 : 1;

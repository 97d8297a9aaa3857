/**
 * `npm run hangs`: providers that accept calls and never answer, and outages, in the long form. `-- --short` takes the rows of the
 * short form, and `-- --only <words>` those whose names contain the words.
 */
import { parseArgs } from 'node:util';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { runHangCampaign } from './campaign.ts';
import { areHangsGood, printHangs } from './report.ts';

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const findings = await withTemporaryFolder('chatferry-campaign-', (folder) =>
  runHangCampaign({
    folder,
    form: values.short ? 'short' : 'long',
    say: (line) => console.error(line),
    ...(values.only === undefined ? {} : { only: values.only }),
  }),
);
console.log(printHangs(findings));
process.exitCode = areHangsGood(findings) ? 0 : 1;

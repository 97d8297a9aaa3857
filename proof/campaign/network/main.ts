/**
 * `npm run network`: every fault on every link, in the long form. `-- --short` takes the form of the tests, `-- --only <words>` the
 * scenarios whose descriptions contain the words.
 */
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '@chatferry/testkit/postgres/temporary-postgres';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { breachesIn } from '../judge/judge.ts';
import { runNetworkCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
const server = await startTemporaryPostgres();
try {
  const { scenarios, ...findings } = await withTemporaryFolder('chatferry-campaign-', (folder) =>
    runNetworkCampaign({
      folder,
      database: server.ownerConnection,
      form: values.short ? 'short' : 'long',
      only: values.only,
      say: console.log,
    }),
  );
  console.log(JSON.stringify({ scenarios: scenarios.length, ...findings }, null, 2));
  const isGood = breachesIn(findings.verdict) + findings.missed.length + findings.stuck.length === 0;
  process.exitCode = isGood ? 0 : 1;
} finally {
  await server.stop();
}

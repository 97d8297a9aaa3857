/** `npm run network`: every fault on every link, in the long form; `-- --short` for the one of the tests. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '../../packages/gateway/src/testing/temporary-postgres.ts';
import { breachesIn } from '../judge/judge.ts';
import { runNetworkCampaign } from './campaign.ts';

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'chatferry-network-'));
chmodSync(folder, 0o755);
const server = await startTemporaryPostgres();
const findings = await runNetworkCampaign({
  folder,
  database: server.connection,
  form: values.short ? 'short' : 'long',
  say: console.log,
});
await server.stop();
console.log(JSON.stringify(findings, null, 1));
process.exitCode = breachesIn(findings.verdict) + findings.missed.length + findings.stuck.length > 0 ? 1 : 0;
rmSync(folder, { recursive: true, force: true });

/**
 * `npm run conformance`: compares what the gateway and the sandbox say to each other with the providers' own descriptions,
 * in the tests that exchange the most kinds of messages. `--hubspot <folder>` names a copy of HubSpot's descriptions.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exceptions } from '@chatferry/testkit/provider-descriptions/exceptions';
import type { ConformanceReport } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { startVitest } from 'vitest/node';
import { joinConformance, printConformance } from './conformance-report.ts';

const e2e = [
  'agent-files',
  'agent-replies',
  'connect-from-hubspot',
  'connect-hubspot',
  'connect-intercom',
  'conversation-rules',
  'conversation',
  'demo',
  'inbound-kinds',
  'media',
];
const files = ['packages/gateway/src/adapters/', ...e2e.map((name) => `proof/e2e/${name}.test.ts`)];

const { values } = parseArgs({ options: { hubspot: { type: 'string' } } });
const hubspot = values.hubspot === undefined ? undefined : resolve(values.hubspot);
if (hubspot !== undefined && !existsSync(hubspot)) throw new Error(`There is no folder ${hubspot}.`);

const reports = mkdtempSync(join(tmpdir(), 'chatferry-conformance-'));
process.env['CONFORMANCE_REPORTS'] = reports;
if (hubspot !== undefined) process.env['HUBSPOT_DESCRIPTIONS'] = hubspot;
const vitest = await startVitest('test', files, { run: true, watch: false, reporters: ['dot'] });
const isGreen = vitest.state.getCountOfFailedTests() === 0 && process.exitCode !== 1;
await vitest.close();
const found = readdirSync(reports).map(
  (name) => JSON.parse(readFileSync(join(reports, name), 'utf8')) as ConformanceReport,
);
rmSync(reports, { recursive: true, force: true });

const report = joinConformance(found);
process.stdout.write(printConformance(report, exceptions));
process.exitCode = isGreen && report.violations.length === 0 ? 0 : 1;

/**
 * The far side of the gateway as a process of its own: simulated Telegram, Intercom and HubSpot, with a journal in which each
 * thing that they accept is on the disk before they answer. Prints its address and stands until it is ended.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createSandbox } from '@chatferry/sandbox';
import { recordOf } from './record-of.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Give the file of the journal.');
const journal = openSync(path, 'a');
const sandbox = createSandbox();
// The simulators publish what they accepted before they answer, and nothing else runs in between.
sandbox.feed.subscribe((event) => {
  const record = recordOf(event);
  if (record === null) return;
  writeSync(journal, `${JSON.stringify(record)}\n`);
  fsyncSync(journal);
});
process.stdout.write(`far side at ${await sandbox.listen()}\n`);
const end = () => {
  void sandbox.close().then(() => {
    closeSync(journal);
    process.exit(0);
  });
};
process.once('SIGTERM', end);
// Whoever started it is gone.
process.stdin.once('end', end).resume();

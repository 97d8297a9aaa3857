/**
 * The simulated Telegram, Intercom and HubSpot in a process of their own. Everything that they accept is in a journal on the disk
 * before they answer. Prints its address and runs until it is stopped.
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
process.stdout.write(`providers at ${await sandbox.listen()}\n`);
const end = () => {
  void sandbox.close().then(() => {
    closeSync(journal);
    process.exit(0);
  });
};
process.once('SIGTERM', end);
// The program that started this process has ended.
process.stdin.once('end', end).resume();

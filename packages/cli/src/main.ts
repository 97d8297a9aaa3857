#!/usr/bin/env node
import picocolors from 'picocolors';
import { commands } from './commands.ts';
import { run } from './run.ts';
import { openTerminal } from './terminal.ts';

// A reader that closes early, as in `chatferry messages list | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  commands,
  env: process.env,
  nowMs: Date.now,
  terminal: openTerminal(process, { wantsColours: picocolors.isColorSupported }),
});

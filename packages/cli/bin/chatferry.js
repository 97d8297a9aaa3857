#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write(
    'The chatferry command is not built yet. Run “npm start” or “npm run build” in the clone, and try again.\n',
  );
  process.exitCode = 2;
}

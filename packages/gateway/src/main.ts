#!/usr/bin/env node
import { readCommandLine } from './process/command-line.ts';
import { runBackupCommand } from './process/run-backup.ts';
import { runGateway } from './process/run-gateway.ts';
import { runMigrate } from './process/run-migrate.ts';
import { runRotateMasterKey } from './process/run-rotate-master-key.ts';

const command = readCommandLine(process.argv.slice(2));
switch (command.kind) {
  case 'start':
    runGateway(process.env, { reader: process.stdout.isTTY ? 'person' : 'program' });
    break;
  case 'backup':
  case 'restore':
    process.exitCode = await runBackupCommand(command, process.env);
    break;
  case 'migrate':
    process.exitCode = await runMigrate(process.env);
    break;
  case 'rotate-master-key':
    process.exitCode = await runRotateMasterKey(process.env);
    break;
  case 'answer':
    (command.exitCode === 0 ? process.stdout : process.stderr).write(command.text);
    process.exitCode = command.exitCode;
}

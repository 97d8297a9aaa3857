/** What the `chatferry` command runs in its own process. */
export { runBackupCommand } from './process/run-backup.ts';
export { runGateway } from './process/run-gateway.ts';
export { runMigrate } from './process/run-migrate.ts';
export { runRotateMasterKey } from './process/run-rotate-master-key.ts';

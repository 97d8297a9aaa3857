import { bindHandlers } from '../bind-handlers.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { createConnection } from './create-connection.ts';
import { getConnection } from './get-connection.ts';

/** Begins and reads installs by OAuth. */
export const connectionHandlers = (deps: ConnectionDeps) => bindHandlers(deps, { createConnection, getConnection });

/** The engine's log: the event is a constant `noun.verbed`, data goes into fields. */
export interface EngineLog {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The log of the database and of the embedded PostgreSQL; a pino logger fits. */
export interface StoreLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

/** A column that holds values under seal, and what each is bound to. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Names a row. */
  readonly key: readonly string[];
  /** Of the rows that hold a sealed value, where others hold something else. */
  readonly where?: string;
  /** By the values of the key, in its order. */
  contextOf(...key: readonly string[]): string;
}

/**
 * Answers of the management API are kept under this scope of `idempotency_keys`, with a colon and the caller behind it where that is
 * not the operator; they are the only sealed ones there.
 */
export const managementScope = 'admin';

/** Each place of the database where secrets stand. What is not named here is neither sealed anew nor missed at the start. */
export const sealedColumns = {
  token: {
    table: 'channels',
    column: 'token',
    key: ['id'],
    contextOf: (channelId: string) => `${channelId}|channels|token`,
  },
  webhookSecret: {
    table: 'channels',
    column: 'webhook_secret',
    key: ['id'],
    contextOf: (channelId: string) => `${channelId}|channels|webhook_secret`,
  },
  inboxCredential: {
    table: 'workspaces',
    column: 'inbox_credential',
    key: ['id'],
    contextOf: (workspaceId: string) => `${workspaceId}|workspaces|inbox_credential`,
  },
  accessToken: {
    table: 'grants',
    column: 'access_token',
    key: ['workspace_id'],
    contextOf: (workspaceId: string) => `${workspaceId}|grants|access_token`,
  },
  app: {
    table: 'connections',
    column: 'app',
    key: ['id'],
    contextOf: (connectionId: string) => `${connectionId}|connections|app`,
  },
  answer: {
    table: 'idempotency_keys',
    column: 'answer',
    key: ['scope', 'route', 'key'],
    where: `(scope = '${managementScope}' or scope like '${managementScope}:%')`,
    contextOf: (scope: string, route: string, key: string) => `${scope}|idempotency_keys|${route}|${key}`,
  },
  totpSecret: {
    table: 'people',
    column: 'totp_secret',
    key: ['id'],
    contextOf: (personId: string) => `${personId}|people|totp_secret`,
  },
  keyPepper: {
    table: 'installation',
    column: 'key_pepper',
    key: ['singleton'],
    contextOf: () => 'installation|key_pepper',
  },
} as const satisfies Readonly<Record<string, SealedColumn>>;

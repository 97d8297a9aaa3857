/**
 * A column with sealed values: encrypted, and bound to their context, so that they cannot be opened in another place.
 */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns that identify a row. */
  readonly key: readonly string[];
  /** The condition for rows with a sealed value, if other rows have other values in the column. */
  readonly where?: string;
  /** Takes the values of the key columns, in the order of `key`. */
  contextOf(...key: readonly string[]): string;
}

/**
 * The scope of the management API's answers in `idempotency_keys`. For a caller other than the operator, a colon and
 * the caller follow. Only these answers are sealed.
 */
export const managementScope = 'admin';

/**
 * Every column of the database with sealed values. Values of a column that is missing here would not be sealed again
 * after a change of the master key, and a missing key would not be noticed at the start.
 */
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
  pendingTotpSecret: {
    table: 'people',
    column: 'pending_totp_secret',
    key: ['id'],
    contextOf: (personId: string) => `${personId}|people|pending_totp_secret`,
  },
  endpointSecret: {
    table: 'webhook_endpoints',
    column: 'secret',
    key: ['id'],
    contextOf: (endpointId: string) => `${endpointId}|webhook_endpoints|secret`,
  },
  previousEndpointSecret: {
    table: 'webhook_endpoints',
    column: 'previous_secret',
    key: ['id'],
    contextOf: (endpointId: string) => `${endpointId}|webhook_endpoints|secret`,
  },
  keyPepper: {
    table: 'installation',
    column: 'key_pepper',
    key: ['singleton'],
    contextOf: () => 'installation|key_pepper',
  },
  auditKey: {
    table: 'installation',
    column: 'audit_key',
    key: ['singleton'],
    contextOf: () => 'installation|audit_key',
  },
} as const satisfies Readonly<Record<string, SealedColumn>>;

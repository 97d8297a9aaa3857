import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';

/** The fields of a workspace that decide where its events are delivered. */
type Addressed = Pick<WorkspaceRecord, 'inboxAccount' | 'inboxOrigin' | 'hookPath' | 'inboxSettings'>;

/**
 * Where an inbox delivers its events; the signature covers this exact address. A workspace has an opaque path of its own, unless
 * its app has one address for all accounts that installed it. That one serves only the accounts that the settings' or the vendor's
 * origin vouched for. Null without a public address, and in test mode, whose inbox calls nothing.
 */
export const inboxHookUrl = (publicUrl: string | null, kind: InboxKind, workspace: Addressed): string | null =>
  publicUrl === null || kind.isTestMode === true
    ? null
    : `${publicUrl}/hooks/${kind.kind}${isShared(kind, workspace) ? '' : `/${workspace.hookPath}`}`;

const isShared = (kind: InboxKind, { inboxAccount, inboxOrigin, inboxSettings }: Addressed): boolean =>
  inboxAccount !== null && inboxOrigin === kind.originsOf({})[0] && kind.sharesWebhookAddress(inboxSettings);

/** The address to which the provider sends the browser after a person agreed to an install. */
export const redirectUrlOf = (publicUrl: string, kind: InboxKindName): string =>
  `${publicUrl}/connect/${kind}/callback`;

/** The path of the page to which the provider sends administrators who connect a bot in the provider's settings. */
export const setupPath = (kind: InboxKindName): string => `/connect/${kind}/channel`;

/** The address of that page; null while browsers cannot reach the gateway, and for a kind without such settings. */
export const setupUrlOf = (publicUrl: string | null, { kind, setup }: InboxKind): string | null =>
  publicUrl === null || setup === undefined ? null : `${publicUrl}${setupPath(kind)}`;

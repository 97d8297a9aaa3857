import type { WorkspaceRecord } from '../../store/workspaces.ts';

/** The fields of a workspace that decide where its events are delivered. */
type Addressed = Pick<WorkspaceRecord, 'inboxKind' | 'inboxAccount' | 'hookPath' | 'inboxSettings'>;

/**
 * Where an inbox delivers its events; the signature covers this exact address. A workspace has an opaque path of its own, unless
 * its app has one address for all accounts that installed it: HubSpot's always, Intercom's when it is named.
 */
export const inboxHookUrl = (publicUrl: string, workspace: Addressed): string =>
  `${publicUrl}/hooks/${workspace.inboxKind}${isShared(workspace) ? '' : `/${workspace.hookPath}`}`;

const isShared = ({ inboxKind, inboxAccount, inboxSettings }: Addressed): boolean =>
  inboxAccount !== null && (inboxKind === 'hubspot' || inboxSettings['client_id'] !== undefined);

/** The address to which the provider sends the browser after a person agreed to an install. */
export const redirectUrlOf = (publicUrl: string, kind: WorkspaceRecord['inboxKind']): string =>
  `${publicUrl}/connect/${kind}/callback`;

/** The page to which HubSpot's inbox settings send admins who connect the channel there. Null without a public address. */
export const setupUrlOf = (publicUrl: string | null): string | null =>
  publicUrl === null ? null : `${publicUrl}/connect/hubspot/channel`;

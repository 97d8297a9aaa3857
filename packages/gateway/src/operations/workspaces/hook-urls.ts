import type { WorkspaceRecord } from '../../store/workspaces.ts';

/** What decides where an account's events come in. */
type Addressed = Pick<WorkspaceRecord, 'inboxKind' | 'inboxAccount' | 'hookPath' | 'inboxSettings'>;

/**
 * Where an inbox delivers its events; the signature is checked over this very address. A workspace has an opaque path of its
 * own, but where an app with one address is installed in several accounts: HubSpot's always, Intercom's when it is named.
 */
export const inboxHookUrl = (publicUrl: string, workspace: Addressed): string =>
  `${publicUrl}/hooks/${workspace.inboxKind}${isShared(workspace) ? '' : `/${workspace.hookPath}`}`;

const isShared = ({ inboxKind, inboxAccount, inboxSettings }: Addressed): boolean =>
  inboxAccount !== null && (inboxKind === 'hubspot' || inboxSettings['client_id'] !== undefined);

/** Where the browser comes back to after a person agreed to an install. */
export const redirectUrlOf = (publicUrl: string, kind: WorkspaceRecord['inboxKind']): string =>
  `${publicUrl}/connect/${kind}/callback`;

/** Where HubSpot's inbox settings send admins who connect the channel there; null while nobody can come. */
export const setupUrlOf = (publicUrl: string | null): string | null =>
  publicUrl === null ? null : `${publicUrl}/connect/hubspot/channel`;

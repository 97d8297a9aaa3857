import type { InboxApp } from '../../ports/inbox-authorization.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';

const { contextOf } = sealedColumns.app;

/** The app of a connection as it is stored: with its secret, and therefore completely sealed. */
export const sealApp = (vault: Vault, connectionId: string, app: InboxApp): Buffer =>
  vault.seal(JSON.stringify(app), contextOf(connectionId));

/** The app needs no validation: it was validated before it was sealed. */
export const unsealApp = (vault: Vault, record: Pick<ConnectionRecord, 'id' | 'app'>): InboxApp =>
  JSON.parse(vault.open(record.app, contextOf(record.id))) as InboxApp;

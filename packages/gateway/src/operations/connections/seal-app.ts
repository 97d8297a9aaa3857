import type { InboxApp } from '../../ports/inbox-authorization.ts';
import { BoundSecret, packSecret, unpackSecret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';

const { contextOf } = sealedColumns.app;

/** The app of a connection as it is stored: completely sealed, its secrets with the origins that they were given for. */
export function sealApp(vault: Vault, connectionId: string, app: InboxApp): Buffer {
  const packed = Object.entries(app).map(([name, value]) => [
    name,
    value instanceof BoundSecret ? packSecret(value) : value,
  ]);
  return vault.seal(JSON.stringify(Object.fromEntries(packed)), contextOf(connectionId));
}

/** The app needs no validation: it was validated before it was sealed. */
export function unsealApp(vault: Vault, record: Pick<ConnectionRecord, 'id' | 'app'>): InboxApp {
  const packed = JSON.parse(vault.open(record.app, contextOf(record.id))) as Readonly<Record<string, unknown>>;
  const fields = Object.entries(packed).map(([name, value]) => [name, unpackSecret(value) ?? value]);
  return Object.fromEntries(fields) as InboxApp;
}

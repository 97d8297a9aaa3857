import type { HeldKey, KeyClaim, KeyName, RequestEnd } from '@chatferry/gateway/internal/store/idempotency';
import type { QueryBinder } from './bind-queries.ts';
import { isAlive, type KeyRow, type MemoryDatabase } from './database.ts';

export const keyId = ({ scope, route, key }: KeyName): string => `${scope}\n${route}\n${key}`;

const rowOf = ({ workspaceId, fingerprint, requestId, epoch, warnings }: KeyClaim): KeyRow => ({
  workspaceId,
  fingerprint,
  requestId,
  epoch,
  warnings,
  messageId: null,
  createdOn: null,
  answer: null,
  ended: null,
  made: null,
});

export function claimKey(db: MemoryDatabase, claim: KeyClaim): HeldKey | null {
  const held = db.keys.get(keyId(claim.name));
  if (!held) {
    db.keys.set(keyId(claim.name), rowOf(claim));
    return null;
  }
  return readHeldKey(db, claim.name);
}

export function readHeldKey(db: MemoryDatabase, name: KeyName): HeldKey | null {
  const held = db.keys.get(keyId(name));
  if (!held) return null;
  const { workspaceId: _, epoch, ...fields } = held;
  return { ...fields, ownerAlive: isAlive(db, epoch) };
}

export function takeOverKey(db: MemoryDatabase, claim: KeyClaim, seen: HeldKey): boolean {
  const held = db.keys.get(keyId(claim.name));
  if (!held || held.requestId !== seen.requestId || held.messageId !== seen.messageId) return false;
  if (held.answer !== null || held.ended !== null) return false;
  db.keys.set(keyId(claim.name), rowOf(claim));
  return true;
}

export function releaseKey(db: MemoryDatabase, name: KeyName, requestId: string): void {
  if (db.keys.get(keyId(name))?.requestId === requestId) db.keys.delete(keyId(name));
}

export function storeAnswer(db: MemoryDatabase, name: KeyName, requestId: string, answer: Buffer): boolean {
  const held = db.keys.get(keyId(name));
  if (held?.requestId !== requestId) return false;
  held.answer = answer;
  return true;
}

export function endRequest(db: MemoryDatabase, name: KeyName, requestId: string, end: RequestEnd): void {
  const held = db.keys.get(keyId(name));
  if (held?.requestId !== requestId) return;
  const { ended, made, answer, workspaceId } = end;
  db.keys.set(keyId(name), { ...held, ended, made, answer, workspaceId });
}

/** The queries of `store.idempotency`. */
export const idempotency = ({ bind }: QueryBinder) =>
  bind('idempotency', {
    claim: claimKey,
    readHeld: readHeldKey,
    takeOver: takeOverKey,
    release: releaseKey,
    storeAnswer,
    end: endRequest,
  });

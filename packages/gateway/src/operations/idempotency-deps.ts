import { createHash } from 'node:crypto';
import { fingerprintSource } from '@chatferry/contract';
import type { ClaimStore } from '../engine/send/claim-delivery.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { KeyName } from '../store/idempotency.ts';
import type { StoreSlice } from '../store/store.ts';
import { ApiError } from './api-error.ts';

/** `release` and `end` never reject: they are repeated until the store has done them. */
export type IdempotencyStore = ClaimStore & StoreSlice<{ readonly idempotency: 'end' }>;

export interface IdempotencyDeps {
  readonly store: IdempotencyStore;
  readonly vault: Vault;
  readonly epoch: number;
  /** Keyed, so that a copy of the database does not allow anyone to guess what was digested. */
  readonly digestOf: (text: string) => Buffer;
}

/** Identifies the body of a request, for the holder of the key of `digestOf` only. */
export const fingerprintOf = (digestOf: IdempotencyDeps['digestOf'], { route }: KeyName, body: unknown): Buffer =>
  digestOf(`idempotency fingerprint\n${fingerprintSource(route, body)}`);

/** What earlier versions stored for the same body. Their keys are accepted until they end, so that no caller sends twice. */
export const earlierFingerprintOf = ({ route }: KeyName, body: unknown): Buffer =>
  createHash('sha256').update(fingerprintSource(route, body)).digest();

export const inProgress = (): ApiError => new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });

import { randomUUID } from 'node:crypto';
import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { KeyClaim } from '../../store/idempotency.ts';
import { claimDelivery } from './claim-delivery.ts';

const { store, epoch } = await startEngineRig();
const scope = { workspaceId: 'wsp_1', channelId: 'chn_1' };

const aClaim = (key: string): KeyClaim => ({
  name: { scope: 'chn_1', route: 'send', key },
  workspaceId: 'wsp_1',
  fingerprint: Buffer.from('the same body'),
  requestId: randomUUID(),
  epoch,
  warnings: [],
});

const answerLost = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
  return async (...args: A): Promise<R> => {
    await work(...args);
    throw new Error('Connection terminated unexpectedly');
  };
};

describe('a claim that became durable although its answer was lost', () => {
  it('is released, so that the next request can claim the key while this process lives', async () => {
    const losing = { ...store, idempotency: { ...store.idempotency, claim: answerLost(store.idempotency.claim) } };
    await expect(claimDelivery(losing, aClaim('a'), scope)).rejects.toThrow('Connection terminated');
    expect(await claimDelivery(store, aClaim('a'), scope)).toEqual({ kind: 'claimed' });
  });

  it('is released if it took over a key', async () => {
    const dead = { ...aClaim('b'), epoch: epoch + 1_000 };
    expect(await claimDelivery(store, dead, scope)).toEqual({ kind: 'claimed' });
    const losing = {
      ...store,
      idempotency: { ...store.idempotency, takeOver: answerLost(store.idempotency.takeOver) },
    };
    await expect(claimDelivery(losing, aClaim('b'), scope)).rejects.toThrow('Connection terminated');
    expect(await claimDelivery(store, aClaim('b'), scope)).toEqual({ kind: 'claimed' });
  });

  it('does not release the claim of another request', async () => {
    expect(await claimDelivery(store, aClaim('c'), scope)).toEqual({ kind: 'claimed' });
    const losing = { ...store, idempotency: { ...store.idempotency, claim: answerLost(store.idempotency.claim) } };
    await expect(claimDelivery(losing, aClaim('c'), scope)).rejects.toThrow('Connection terminated');
    expect(await claimDelivery(store, aClaim('c'), scope)).toEqual({ kind: 'in-progress' });
  });
});

describe('a delivery that was refused for good', () => {
  it('is refused again, for the stored reason', async () => {
    const claim = aClaim('d');
    await claimDelivery(store, claim, scope);
    expect(await store.idempotency.storeAnswer(claim.name, claim.requestId, Buffer.from('the channel is broken'))).toBe(
      true,
    );
    expect(await claimDelivery(store, aClaim('d'), scope)).toEqual({
      kind: 'refused',
      reason: 'the channel is broken',
    });
  });

  it('cannot be refused by a request that lost the key', async () => {
    const claim = aClaim('e');
    await claimDelivery(store, claim, scope);
    await store.idempotency.release(claim.name, claim.requestId);
    await claimDelivery(store, aClaim('e'), scope);
    expect(await store.idempotency.storeAnswer(claim.name, claim.requestId, Buffer.from('too late'))).toBe(false);
  });
});

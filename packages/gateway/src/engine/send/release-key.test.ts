import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { claimDelivery } from './claim-delivery.ts';
import { releaseKey } from './release-key.ts';

const rig = await startEngineRig();
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const name = { scope: 'chn_1', route: 'relay', key: 'part_1#0' };
const scope = { workspaceId: 'wsp_1', channelId: 'chn_1' };
const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';

const claimBy = (id: string) =>
  claimDelivery(
    rig.store,
    {
      name,
      workspaceId: 'wsp_1',
      fingerprint: Buffer.from('same'),
      requestId: id,
      epoch: rig.epoch,
      warnings: [],
    },
    scope,
  );

describe('a key that is released', () => {
  it('can be claimed again even if the store failed at first', async () => {
    let tries = 0;
    const failingOnce = async (...args: Parameters<typeof rig.store.idempotency.release>) => {
      tries += 1;
      if (tries === 1) throw new Error('Connection terminated unexpectedly');
      await rig.store.idempotency.release(...args);
    };
    const retries: (() => Promise<void>)[] = [];
    const deps = {
      store: { idempotency: { release: failingOnce } },
      retryUntilStored: (_name: string, work: () => Promise<void>) => void retries.push(work),
      log,
    };
    expect(await claimBy(requestId)).toEqual({ kind: 'claimed' });
    await releaseKey(deps, name, requestId);
    expect(await claimBy('3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0b')).toEqual({ kind: 'in-progress' });
    for (const work of retries) await work();
    expect(await claimBy('3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0b')).toEqual({ kind: 'claimed' });
  });
});

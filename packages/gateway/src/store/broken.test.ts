import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';

const { store, addChannel } = await startEngineRig();

describe('what a provider refuses', () => {
  it('is marked broken once, with the provider’s words', async () => {
    const { id, workspaceId } = await addChannel();
    expect(await store.breakChannel(id, 'Unauthorized')).toBe(true);
    expect(await store.breakChannel(id, 'Unauthorized')).toBe(false);
    expect(await store.readChannel(id)).toMatchObject({ state: 'broken', problem: 'Unauthorized' });
    expect(await store.breakWorkspace(workspaceId, 'Token revoked')).toBe(true);
    expect(await store.breakWorkspace(workspaceId, 'Token revoked')).toBe(false);
    expect(await store.readWorkspace(workspaceId)).toMatchObject({ state: 'broken', problem: 'Token revoked' });
  });

  it('stays disabled where a person disabled it', async () => {
    const { id, workspaceId } = await addChannel();
    await store.updateChannel(id, { state: 'disabled' });
    await store.updateWorkspace(workspaceId, { state: 'disabled' });
    expect(await store.breakChannel(id, 'Unauthorized')).toBe(false);
    expect(await store.breakWorkspace(workspaceId, 'Token revoked')).toBe(false);
    expect(await store.readChannel(id)).toMatchObject({ state: 'disabled', problem: null });
    expect(await store.readWorkspace(workspaceId)).toMatchObject({ state: 'disabled', problem: null });
  });
});

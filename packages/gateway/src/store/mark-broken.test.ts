import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';

const { store, addChannel } = await startEngineRig();

describe('a channel or workspace that its provider refuses', () => {
  it('is marked broken once, with the provider’s message', async () => {
    const { id, workspaceId } = await addChannel();
    expect(await store.channels.markBroken(id, 'Unauthorized')).toBe(true);
    expect(await store.channels.markBroken(id, 'Unauthorized')).toBe(false);
    expect(await store.channels.read(id)).toMatchObject({ state: 'broken', problem: 'Unauthorized' });
    expect(await store.workspaces.markBroken(workspaceId, 'Token revoked')).toBe(true);
    expect(await store.workspaces.markBroken(workspaceId, 'Token revoked')).toBe(false);
    expect(await store.workspaces.read(workspaceId)).toMatchObject({ state: 'broken', problem: 'Token revoked' });
  });

  it('stays disabled if a person disabled it', async () => {
    const { id, workspaceId } = await addChannel();
    await store.channels.update(id, { state: 'disabled' });
    await store.workspaces.update(workspaceId, { state: 'disabled' });
    expect(await store.channels.markBroken(id, 'Unauthorized')).toBe(false);
    expect(await store.workspaces.markBroken(workspaceId, 'Token revoked')).toBe(false);
    expect(await store.channels.read(id)).toMatchObject({ state: 'disabled', problem: null });
    expect(await store.workspaces.read(workspaceId)).toMatchObject({ state: 'disabled', problem: null });
  });
});

import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { InboxOutcome, Teammate } from '../../ports/inbox.ts';
import { createDirectory } from './directory.ts';

const rig = await startEngineRig();
const ada: Teammate = { senderId: '1', name: 'Ada' } as Teammate;

async function open(...answers: readonly (() => Promise<InboxOutcome<readonly Teammate[]>>)[]) {
  const clock = createVirtualClock();
  const script = [...answers];
  let asked = 0;
  const listTeammates = () => {
    asked += 1;
    const answer = script.shift();
    if (!answer) throw new Error('asked once more than the script has');
    return answer();
  };
  const openInbox = () => ({ listTeammates }) as never;
  const openChannel = () => {
    throw new Error('no channel is needed');
  };
  const directory = createDirectory(
    { store: rig.store, sharedOriginOf: () => '', openChannel, openInbox },
    clock,
    () => 5_000,
  );
  const { workspaceId } = await rig.addChannel();
  const workspace = await directory.workspace(workspaceId);
  if (!workspace) throw new Error('the workspace was expected');
  return { clock, workspace, asked: () => asked };
}

const ok = async () => ({ kind: 'ok', value: [ada] }) as const;
const broken = () => Promise.reject(new Error('the store is away'));
const aQuarter = 15 * 60_000;

describe('the teammates of a workspace', () => {
  it('are read from memory while a newer list is fetched, even if that fails', async () => {
    const { clock, workspace, asked } = await open(ok, broken, ok);
    expect(await workspace.teammates()).toEqual([ada]);
    clock.advance(aQuarter);
    expect(await workspace.teammates()).toEqual([ada]);
    await new Promise(setImmediate);
    expect(await workspace.teammates()).toEqual([ada]);
    expect(asked()).toBe(2);
    clock.advance(30_000);
    expect(await workspace.teammates()).toEqual([ada]);
    expect(asked()).toBe(3);
  });

  it('are null if no list was ever read', async () => {
    const { clock, workspace } = await open(async () => ({ kind: 'uncertain', detail: 'no answer' }), ok);
    expect(await workspace.teammates()).toBeNull();
    clock.advance(30_000);
    expect(await workspace.teammates()).toEqual([ada]);
  });
});

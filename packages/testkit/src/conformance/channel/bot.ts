import { BoundSecret } from '@chatferry/gateway/internal/ports/secret';
import { expect, it } from 'vitest';
import type { Around } from './scene.ts';
import { deadCredential } from './steps.ts';

export function describesTheBot(around: Around): void {
  it('is described', async () => {
    expect(await around.channel().describe()).toEqual({
      kind: 'ok',
      value: {
        botId: around.scene().botId,
        username: expect.any(String),
        name: expect.any(String),
        supportsInlineQueries: true,
      },
    });
  });

  it('is broken when its credential is refused, and unavailable without an answer', async () => {
    const { kind, revoke } = around.scene();
    const dead = kind.open(deadCredential(around.scene()));
    expect(await dead.describe()).toMatchObject({ kind: 'unavailable' });
    revoke();
    expect(await around.channel().describe()).toMatchObject({ kind: 'refused', broken: true });
  });

  it('is broken, and its server is not called, when its credential was given for another server', async () => {
    const { kind, credential, deadRoot } = around.scene();
    const elsewhere = kind.open({ ...credential, apiRoot: deadRoot });
    const outcome = await elsewhere.describe();
    expect(outcome).toMatchObject({ kind: 'refused', broken: true });
    expect(JSON.stringify(outcome)).toContain('not called');
    expect(await elsewhere.send({}, 1_000)).toMatchObject({ kind: 'rejected', reason: 'channel-broken' });
    expect(await kind.open({ ...credential, fileRoot: deadRoot }).reachFiles()).toMatchObject({ kind: 'refused' });
  });

  it('has a file server that answers', async () => {
    expect(await around.channel().reachFiles()).toEqual({ kind: 'ok', value: true });
    const { kind, credential, deadRoot } = around.scene();
    const token = new BoundSecret(credential.token.revealFor(credential.apiRoot), [credential.apiRoot, deadRoot]);
    const dead = kind.open({ ...credential, token, fileRoot: deadRoot });
    expect(await dead.reachFiles()).toMatchObject({ kind: 'unavailable' });
  });

  it('is reached also when the configured addresses end in slashes', async () => {
    const { kind, credential } = around.scene();
    const sloppy = kind.open({
      ...credential,
      apiRoot: `${credential.apiRoot}/`,
      fileRoot: `${credential.fileRoot}//`,
    });
    expect(await sloppy.describe()).toMatchObject({ kind: 'ok' });
  });
}

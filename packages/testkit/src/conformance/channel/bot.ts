import { expect, it } from 'vitest';
import type { Around } from './scene.ts';

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
    const { kind, credential, deadRoot, revoke } = around.scene();
    const dead = kind.open({ ...credential, apiRoot: deadRoot });
    expect(await dead.describe()).toMatchObject({ kind: 'unavailable' });
    revoke();
    expect(await around.channel().describe()).toMatchObject({ kind: 'refused', broken: true });
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

import { describe, expect, it } from 'vitest';
import { createWatchedSandbox } from './watched-sandbox.ts';

async function withBot() {
  const sandbox = createWatchedSandbox();
  const url = await sandbox.listen();
  const { id, token } = sandbox.telegram.createBot();
  const call = (method: string, body: object) =>
    fetch(`${url}/telegram/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((answer) => answer.text());
  return { sandbox, id, call };
}

describe('a watched sandbox', () => {
  it('closes in silence when every exchange was as described', async () => {
    const { sandbox, id, call } = await withBot();
    sandbox.telegram.createChat({ bot_id: id });
    await call('getMe', {});
    await call('getUpdates', { limit: 10 });
    await expect(sandbox.close()).resolves.toBeUndefined();
  });

  it('names the operation, the field, the rule and the description when it closes', async () => {
    const { sandbox, call } = await withBot();
    await call('getUpdates', { limit: 'ten' });
    await expect(sandbox.close()).rejects.toThrow(
      'telegram: the request of getUpdates: /limit "ten" must be number (@grammyjs/types 5.0.0, getUpdates)',
    );
  });

  it('does not judge the answer of an injected fault', async () => {
    const { sandbox, call } = await withBot();
    const answer = { status: 502, body: { what: 'a proxy' } };
    sandbox.faults.inject({
      provider: 'telegram',
      operation: '*',
      times: 1,
      effect: { kind: 'answer-before', answer },
    });
    await call('getMe', {});
    await expect(sandbox.close()).resolves.toBeUndefined();
  });
});

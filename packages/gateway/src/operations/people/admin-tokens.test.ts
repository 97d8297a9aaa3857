import { startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();

describe('a token for a script', () => {
  it('is shown once, records its use, and stops working when it is revoked or expired', async () => {
    const make = async (body: object) =>
      (await rig.admin('/api/v1/tokens', { body: { name: 'Nightly', role: 'read-only', ...body } })).body;
    const { secret, ...token } = await make({});
    expect(secret).toMatch(/^cft_[A-Za-z0-9_-]{43}$/);
    const use = (presented: string) => rig.call('/api/v1/me', { headers: { authorization: `Bearer ${presented}` } });
    expect((await use(secret)).body).toMatchObject({ kind: 'token', id: token.id });
    const listed = (await rig.admin('/api/v1/tokens?limit=200')).body.data.find(
      ({ id }: { id: string }) => id === token.id,
    );
    expect(listed).toMatchObject({ last_used_from: '127.0.0.1', last_used_at: expect.any(String) });
    expect(JSON.stringify(listed)).not.toContain(secret);
    await rig.admin(`/api/v1/tokens/${token.id}/revoke`, { body: {} });
    expect((await use(secret)).status).toBe(401);
    expect((await use((await make({ expires_at: '2020-01-01T00:00:00Z' })).secret)).status).toBe(401);
  });
});

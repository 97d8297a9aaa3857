import { startPeopleRig } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { join, rig, signIn } = await startPeopleRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });
/** A password takes long enough here for a crowd to gather. */
const busy = await rig.startAnother({}, { passwordCostBits: 14 });

describe('a crowd of strangers from everywhere', () => {
  it('is sent away when too many wait, does not delay a known browser, and may try again', async () => {
    const { device } = await join('ada@acme.test', 'owner');
    const signInThere = async (email: string, headers: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${busy.address}/api/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ email, password: 'four words not in songs' }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const addressOf = (stranger: number) => ({ 'x-forwarded-for': `2001:db8:${stranger.toString(16)}::1` });
    let judged = 0;
    const crowd = Promise.all(
      Array.from({ length: 90 }, async (_, stranger) => {
        const { status, text } = await signInThere(`nobody-${stranger}@acme.test`, addressOf(stranger));
        judged += status === 401 ? 1 : 0;
        return { status, text, stranger };
      }),
    );
    const known = await signInThere('ada@acme.test', { cookie: device });
    const judgedBefore = judged;
    const answers = await crowd;
    const refused = answers.filter(({ status }) => status === 429);
    expect([known.status, new Set(answers.map(({ status }) => status))]).toEqual([201, new Set([401, 429])]);
    expect(judgedBefore).toBeLessThan(judged);
    expect(refused.every(({ text }) => text.includes('too many attempts at once'))).toBe(true);
    const { rows } = await rig.database.pool.query(
      `select count(*)::int as counted from login_failures where name like 'address:%' and failures > 0`,
    );
    expect(rows[0].counted).toBe(judged);
    const again = addressOf(refused[0]?.stranger ?? 0);
    expect((await signIn({ email: 'nobody@acme.test' }, again)).status).toBe(401);
  });
});

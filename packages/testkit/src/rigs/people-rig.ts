import { afterEach, expect } from 'vitest';
import { type Answer, type Rig, startRig } from './rig.ts';

/** The password of every person of this rig, and another good one. */
export const password = 'four words not in songs';
export const otherPassword = 'other words of no song';

/** What a browser adds to a request of a page to its own origin. */
export const sameOrigin = { 'sec-fetch-site': 'same-origin' };

export const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';')[0] ?? '';

/** The options of a call with the cookie of a session. */
export const withCookie = (cookie: string, headers: Readonly<Record<string, string>> = sameOrigin) => ({
  headers: { cookie, ...headers },
});

type Body = Readonly<Record<string, unknown>>;

/** A gateway whose people come and go. */
export interface PeopleRig {
  readonly rig: Rig;
  claim(body: Body): Promise<Answer>;
  /** Signs in with the password of the rig, unless the body has another. */
  signIn(body: Body): Promise<Answer>;
  /** Invites a person and signs them in. Without a list of workspaces, they may enter all. */
  join(
    email: string,
    role: string,
    workspaces?: readonly string[],
  ): Promise<{ readonly id: string; readonly cookie: string }>;
  idOf(email: string): Promise<string>;
  /** Forgets the failed sign-ins. It also happens after every test. */
  forgive(): Promise<unknown>;
}

export async function startPeopleRig(): Promise<PeopleRig> {
  const rig = await startRig();
  const claim = (body: Body) => rig.call('/api/v1/claim', { body });
  const forgive = () => rig.database.pool.query('delete from login_failures');
  afterEach(forgive);

  return {
    rig,
    claim,
    signIn: (body) => rig.call('/api/v1/sessions', { body: { password, ...body } }),
    async join(email, role, workspaces) {
      const body = { email, name: 'Invited', role, workspaces: workspaces ?? null };
      const invited = await rig.admin('/api/v1/people', { body });
      expect([email, invited.status]).toEqual([email, 201]);
      const claimed = await claim({ token: invited.body.invitation, password });
      expect([email, claimed.status]).toEqual([email, 201]);
      return { id: invited.body.id, cookie: cookieOf(claimed) };
    },
    async idOf(email) {
      const { data } = (await rig.admin('/api/v1/people?limit=200')).body;
      return data.find((one: { email: string }) => one.email === email).id;
    },
    forgive,
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import { afterEach, expect } from 'vitest';
import { type Answer, type Rig, startRig } from './rig.ts';

/** The password of every person of this rig, and another good one. */
export const password = 'four words not in songs';
export const otherPassword = 'other words of no song';

/** What a browser adds to a request of a page to its own origin. */
export const sameOrigin = { 'sec-fetch-site': 'same-origin' };

const setBy = ({ headers }: Answer, isWanted: (cookie: string) => boolean): string =>
  headers.getSetCookie().find(isWanted)?.split(';')[0] ?? '';

/** The cookie of the session that an answer gave. */
export const cookieOf = (answer: Answer): string => setBy(answer, (cookie) => cookie.startsWith('__Host-chatferry='));

/** The cookie by which a browser is known from now on. */
export const deviceOf = (answer: Answer): string =>
  setBy(answer, (cookie) => cookie.startsWith('__Host-chatferry-device='));

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
  signIn(body: Body, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The token for the first owner, from its file in the data folder. */
  claimToken(): string;
  /** Invites a person and signs them in. Without a list of workspaces, they may enter all. */
  join(
    email: string,
    role: string,
    workspaces?: readonly string[],
  ): Promise<{ readonly id: string; readonly cookie: string; readonly device: string }>;
  idOf(email: string): Promise<string>;
  /** Forgets the failed sign-ins. It also happens after every test. */
  forgive(): Promise<unknown>;
}

export async function startPeopleRig(env: Readonly<Record<string, string>> = {}, clock?: Clock): Promise<PeopleRig> {
  const rig = await startRig(env, clock);
  const claim = (body: Body) => rig.call('/api/v1/claim', { body });
  const forgive = () =>
    rig.database.pool.query('with f as (delete from second_factor_failures) delete from login_failures');
  afterEach(forgive);

  return {
    rig,
    claim,
    signIn: (body, headers = {}) => rig.call('/api/v1/sessions', { headers, body: { password, ...body } }),
    claimToken: () => readFileSync(join(rig.dataDir, 'claim-token'), 'utf8').trim(),
    async join(email, role, workspaces) {
      const body = { email, name: 'Invited', role, workspaces: workspaces ?? null };
      const invited = await rig.admin('/api/v1/people', { body });
      expect([email, invited.status]).toEqual([email, 201]);
      const claimed = await claim({ token: invited.body.invitation, password });
      expect([email, claimed.status]).toEqual([email, 201]);
      return { id: invited.body.id, cookie: cookieOf(claimed), device: deviceOf(claimed) };
    },
    async idOf(email) {
      const { data } = (await rig.admin('/api/v1/people?limit=200')).body;
      return data.find((one: { email: string }) => one.email === email).id;
    },
    forgive,
  };
}

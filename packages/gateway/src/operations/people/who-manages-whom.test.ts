import { type OperationId, type OperationSpec, operations, roles } from '@chatferry/contract';
import { startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { adminToken, type CallOptions, type ConnectedBot, connectBot } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

type Role = (typeof roles)[number];

const { join, rig } = await startPeopleRig();
let bot: ConnectedBot;
let made = 0;
const newEmail = (): string => {
  made += 1;
  return `person-${made}@acme.test`;
};

/** The subjects of an operation, as the operator makes them: a new person or token with this role. */
const newPerson = async (role: Role) =>
  (await rig.admin('/api/v1/people', { body: { email: newEmail(), name: 'Subject', role } })).body;
const newToken = async (role: Role) => (await rig.admin('/api/v1/tokens', { body: { name: 'Subject', role } })).body;

interface Trial {
  readonly path: string;
  readonly options: CallOptions;
  /** What must not change where the call is refused. */
  readonly state: () => Promise<unknown>;
}

const stateOfPerson = (id: string) => async () =>
  (
    await rig.database.pool.query(
      'select p.*, i.digest from people p left join invitations i on i.person_id = p.id where p.id = $1',
      [id],
    )
  ).rows;
const count = (table: 'people' | 'admin_tokens') => async () =>
  (await rig.database.pool.query(`select count(*) from ${table}`)).rows;

/** Acts on one person, token or invitation with this role. */
type TryOn = (role: Role) => Promise<Trial>;

const changePerson =
  (body: object): TryOn =>
  async (role) => {
    const { id } = await newPerson(role);
    return { path: `/api/v1/people/${id}`, options: { method: 'PATCH', body }, state: stateOfPerson(id) };
  };

/** A member who would get the role. */
const promote: TryOn = async (role) => {
  const { id } = await newPerson('member');
  return { path: `/api/v1/people/${id}`, options: { method: 'PATCH', body: { role } }, state: stateOfPerson(id) };
};

/**
 * The decision about every operation on a person, token, session, key or invitation. Operations with trials are allowed by the
 * table of roles below. `own` acts on the caller's own account only, `open` needs no credential, `list` shows many at once, and
 * `workspace` belongs to a workspace and not to a person.
 */
const decisions: Partial<Record<OperationId, 'own' | 'open' | 'list' | 'workspace' | Readonly<Record<string, TryOn>>>> =
  {
    invitePerson: {
      invites: async (role) => ({
        path: '/api/v1/people',
        options: { body: { email: newEmail(), name: 'New', role } },
        state: count('people'),
      }),
    },
    inviteAgain: {
      'resets the password of': async (role) => {
        const { id } = await newPerson(role);
        return { path: `/api/v1/people/${id}/invitation`, options: { body: {} }, state: stateOfPerson(id) };
      },
    },
    updatePerson: {
      renames: changePerson({ name: 'Renamed' }),
      disables: changePerson({ state: 'disabled' }),
      degrades: changePerson({ role: 'read-only' }),
      'promotes a member to': promote,
    },
    deletePerson: {
      deletes: async (role) => {
        const { id } = await newPerson(role);
        return { path: `/api/v1/people/${id}`, options: { method: 'DELETE' }, state: stateOfPerson(id) };
      },
    },
    createAdminToken: {
      'makes a token for': async (role) => ({
        path: '/api/v1/tokens',
        options: { body: { name: 'New', role } },
        state: count('admin_tokens'),
      }),
    },
    revokeAdminToken: {
      'revokes a token of': async (role) => {
        const { id } = await newToken(role);
        return {
          path: `/api/v1/tokens/${id}/revoke`,
          options: { body: {} },
          state: async () =>
            (await rig.database.pool.query('select revoked_at from admin_tokens where id = $1', [id])).rows,
        };
      },
    },
    listPeople: 'list',
    listAdminTokens: 'list',
    claim: 'open',
    signIn: 'open',
    getMe: 'own',
    changePassword: 'own',
    startTwoFactor: 'own',
    confirmTwoFactor: 'own',
    stopTwoFactor: 'own',
    listSessions: 'own',
    endSession: 'own',
    createKey: 'workspace',
    listKeys: 'workspace',
    getKey: 'workspace',
    updateKey: 'workspace',
    rotateKey: 'workspace',
    revokeKey: 'workspace',
    deleteKey: 'workspace',
  };

const trials = Object.values(decisions).flatMap((decision) =>
  typeof decision === 'object' ? Object.entries(decision) : [],
);

const mayManage: Readonly<Record<string, readonly Role[]>> = {
  operator: roles,
  owner: roles,
  admin: ['member', 'read-only'],
  'admin of one workspace': [],
  member: [],
  'read-only': [],
};

const specs: readonly OperationSpec[] = Object.values(operations);
const namesSubject = ({ tag, path }: OperationSpec): boolean =>
  ['People', 'Keys'].includes(tag) || /\{(person|token|session|key|invitation)_id\}/.test(path);

/** The credentials of a caller: of a person and of a token, or of the operator. */
const callers = new Map<string, readonly CallOptions[]>();

beforeAll(async () => {
  bot = await connectBot(rig);
  await join('last-owner@acme.test', 'owner');
  callers.set('operator', [{ headers: { authorization: `Bearer ${adminToken}` } }]);
  for (const name of Object.keys(mayManage).slice(1)) {
    const workspaces = name.endsWith('workspace') ? [bot.workspaceId] : null;
    const [role = ''] = name.split(' ');
    const person = await join(newEmail(), role, workspaces ?? undefined);
    const token = await rig.admin('/api/v1/tokens', { body: { name: 'Caller', role, workspaces } });
    callers.set(name, [withCookie(person.cookie), { headers: { authorization: `Bearer ${token.body.secret}` } }]);
  }
});

describe('an operation on a person, token, session, key or invitation', () => {
  it('has a decision about whom it may act on', () => {
    expect(
      specs
        .filter(namesSubject)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(Object.keys(decisions).toSorted());
  });

  it.each(trials)('that %s a role is done by those only who decide about that role', async (name, tryOn) => {
    for (const [caller, allowed] of Object.entries(mayManage)) {
      for (const credential of callers.get(caller) ?? []) {
        for (const role of roles) {
          const { path, options, state } = await tryOn(role);
          const before = await state();
          const { status, body } = await rig.call(path, { ...options, ...credential });
          const outcome = [caller, name, role, status < 300 ? 'done' : status];
          expect(outcome).toEqual([caller, name, role, allowed.includes(role) ? 'done' : 403]);
          if (!allowed.includes(role)) {
            expect([outcome, await state()]).toEqual([outcome, before]);
            expect(body.error).toMatch(/owner|permission|whole installation/);
          }
        }
      }
    }
  });

  it('shows tokens to those only who may manage them', async () => {
    for (const role of roles) await newToken(role);
    for (const [caller, allowed] of Object.entries(mayManage)) {
      for (const credential of callers.get(caller) ?? []) {
        const listed = await rig.call('/api/v1/tokens?limit=200', credential);
        const seen = (listed.body.data ?? []).map((token: { role: string }) => token.role);
        expect([caller, [...new Set(seen)].toSorted()]).toEqual([caller, [...allowed].toSorted()]);
      }
    }
  });

  it('shows people to those only who may manage people', async () => {
    for (const [caller, allowed] of Object.entries(mayManage)) {
      for (const credential of callers.get(caller) ?? []) {
        const { status } = await rig.call('/api/v1/people', credential);
        expect([caller, status]).toEqual([caller, allowed.length > 0 ? 200 : 403]);
      }
    }
  });

  it('acts on the caller’s own sessions only', async () => {
    const owner = await join(newEmail(), 'owner');
    const { data } = (await rig.call('/api/v1/sessions', withCookie(owner.cookie))).body;
    for (const [caller, credentials] of callers) {
      for (const credential of credentials) {
        const ended = await rig.call(`/api/v1/sessions/${data[0].id}`, { method: 'DELETE', ...credential });
        expect([caller, ended.status]).toEqual([caller, 404]);
      }
    }
    expect((await rig.call('/api/v1/me', withCookie(owner.cookie))).status).toBe(200);
  });

  it('on a key needs the right to manage its workspace', async () => {
    for (const [caller, credentials] of callers) {
      for (const credential of credentials) {
        const { status } = await rig.call(`/api/v1/keys/${bot.keyId}`, {
          method: 'PATCH',
          body: { name: 'Renamed' },
          ...credential,
        });
        expect([caller, status]).toEqual([caller, /member|read-only/.test(caller) ? 403 : 200]);
      }
    }
  });
});

describe('an invitation', () => {
  it('that an admin made for a member is worth nothing once the member has a higher role', async () => {
    const admin = callers.get('admin')?.[0] ?? {};
    const body = { email: newEmail(), name: 'Rising', role: 'member' };
    const invited = (await rig.call('/api/v1/people', { body, ...admin })).body;
    await rig.admin(`/api/v1/people/${invited.id}`, { method: 'PATCH', body: { role: 'owner' } });
    const claim = { body: { token: invited.invitation, password: 'four words not in songs' } };
    expect((await rig.call('/api/v1/claim', claim)).status).toBe(401);
    const again = await rig.admin(`/api/v1/people/${invited.id}/invitation`, { body: {} });
    const renewed = { body: { ...claim.body, token: again.body.invitation } };
    expect((await rig.call('/api/v1/claim', renewed)).body).toMatchObject({ id: invited.id, role: 'owner' });
  });
});

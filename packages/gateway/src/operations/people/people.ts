import type { AdminToken, Handlers } from '@chatferry/contract';
import { mayDecideOf, type Role } from '../../core/access/roles.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { AdminTokenRecord } from '../../store/admin-tokens.ts';
import type { PersonRecord } from '../../store/people.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, unfit } from '../api-error.ts';
import { principalOf, type RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { pageOf } from '../page.ts';
import { digestOfSecret } from './digest-of-secret.ts';
import { showPerson } from './show-person.ts';

export interface PeopleDeps {
  readonly store: StoreSlice<{
    readonly people: 'insert' | 'read' | 'list' | 'update' | 'delete' | 'storeInvitation';
    readonly adminTokens: 'insert' | 'list' | 'revoke';
  }>;
  readonly clock: Clock;
  readonly random: Random;
}

type PeopleHandlers = Pick<
  Handlers<RequestContext>,
  | 'invitePerson'
  | 'inviteAgain'
  | 'listPeople'
  | 'updatePerson'
  | 'deletePerson'
  | 'createAdminToken'
  | 'listAdminTokens'
  | 'revokeAdminToken'
>;

const invitationMs = 7 * 24 * 3_600_000;

/** Who may do what here, and by which tokens scripts do. */
export function peopleHandlers({ store, clock, random }: PeopleDeps): PeopleHandlers {
  const newSecret = (prefix: string): string => `${prefix}${Buffer.from(random.bytes(32)).toString('base64url')}`;

  const invite = async (person: PersonRecord) => {
    const invitation = newSecret('cfi_');
    await store.people.storeInvitation({
      digest: digestOfSecret(invitation),
      personId: person.id,
      lifeMs: invitationMs,
    });
    return { ...showPerson(person), invitation };
  };

  const personFor = async (context: RequestContext, id: string): Promise<PersonRecord> => {
    const person = await store.people.read(id);
    if (!person)
      throw new ApiError('NOT_FOUND', { message: 'There is no such person. GET /api/v1/people lists them.' });
    assertDecides(context, person.role);
    return person;
  };

  return {
    async invitePerson(context, { body }) {
      assertDecides(context, body.role);
      const person = await store.people.insert({
        id: newId('person', clock, random),
        email: body.email.toLowerCase(),
        name: body.name,
        role: body.role,
        workspaces: grantOf(body.role, body.workspaces),
        password: null,
      });
      if (!person)
        throw unfit(
          '/email',
          'email must be of nobody who has an account here. POST /api/v1/people/{person_id}/invitation invites anew.',
        );
      return invite(person);
    },

    async inviteAgain(context, { params }) {
      return invite(await personFor(context, params.person_id));
    },

    async listPeople(context, { query }) {
      assertSeesAll(context);
      return pageOf(await store.people.list(), query, showPerson);
    },

    async updatePerson(context, { params, body }) {
      const before = await personFor(context, params.person_id);
      if (body.role !== undefined) assertDecides(context, body.role);
      const role = body.role ?? before.role;
      const workspaces = body.workspaces === undefined ? undefined : grantOf(role, body.workspaces);
      const person = await store.people.update(before.id, {
        name: body.name,
        role: body.role,
        // Who becomes an owner has every workspace.
        workspaces: role === 'owner' && before.workspaces !== null ? null : workspaces,
        isDisabled: body.state === undefined ? undefined : body.state === 'disabled',
      });
      if (!person) throw lastOwner();
      return showPerson(person);
    },

    async deletePerson(context, { params }) {
      const person = await personFor(context, params.person_id);
      if (!(await store.people.delete(person.id))) throw lastOwner();
      return undefined;
    },

    async createAdminToken(context, { body }) {
      assertDecides(context, body.role);
      const secret = newSecret('cft_');
      const record = await store.adminTokens.insert({
        id: newId('adminToken', clock, random),
        digest: digestOfSecret(secret),
        name: body.name,
        role: body.role,
        workspaces: grantOf(body.role, body.workspaces),
        createdBy: principalOf(context).id,
        expiresAt: typeof body.expires_at === 'string' ? new Date(body.expires_at) : null,
      });
      return { ...showToken(record), secret };
    },

    async listAdminTokens(context, { query }) {
      assertSeesAll(context);
      return pageOf(await store.adminTokens.list(), query, showToken);
    },

    async revokeAdminToken(context, { params }) {
      assertSeesAll(context);
      const record = await store.adminTokens.revoke(params.token_id);
      if (!record)
        throw new ApiError('NOT_FOUND', { message: 'There is no such token. GET /api/v1/tokens lists them.' });
      return showToken(record);
    },
  };
}

/** People and tokens belong to the installation: who sees a part of it decides nothing of them. */
function assertSeesAll(context: RequestContext): void {
  if (principalOf(context).reach.workspaces === 'all') return;
  const message = 'Only who has every workspace may do that. Ask an owner.';
  throw new ApiError('FORBIDDEN', { message });
}

function assertDecides(context: RequestContext, role: Role): void {
  assertSeesAll(context);
  const own = principalOf(context).role;
  if (own !== null && mayDecideOf(own, role)) return;
  throw new ApiError('FORBIDDEN', { message: `Only an owner decides of the role ${role}. Ask one.` });
}

function grantOf(role: Role, workspaces: readonly string[] | null): readonly string[] | null {
  if (role === 'owner' && workspaces !== null)
    throw unfit('/workspaces', 'workspaces must be null for an owner, who has them all.');
  return workspaces;
}

const lastOwner = (): ApiError =>
  unfit('/role', 'This is the last owner, who stays one: make somebody else an owner first.');

const showToken = (record: AdminTokenRecord): AdminToken => ({
  id: record.id,
  name: record.name,
  role: record.role,
  workspaces: record.workspaces === null ? null : [...record.workspaces],
  created_by: record.createdBy,
  created_at: record.createdAt.toISOString(),
  expires_at: record.expiresAt?.toISOString() ?? null,
  revoked_at: record.revokedAt?.toISOString() ?? null,
  last_used_at: record.lastUsedAt?.toISOString() ?? null,
  last_used_from: record.lastUsedFrom,
});

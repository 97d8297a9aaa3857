import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery } from './paging.ts';
import { Person, PersonEmail, peopleTag, Role, WorkspaceAccess } from './person.ts';

const Invitation = z.string().meta({
  secret: true,
  description: 'For `POST /api/v1/claim`. Can be used once, within 7 days. Shown here and never again.',
});

const personParams = z.strictObject({ person_id: idSchema('person') });

const invitePerson = operation({
  id: 'invitePerson',
  method: 'POST',
  repetition: 'once',
  ifLost: 'POST /api/v1/people/{id}/invitation with a new Idempotency-Key makes another invitation for the person.',
  path: '/api/v1/people',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Invite a person.',
  description:
    'Returns the invitation, only once. Give it to the person, who sets a password with it. It ends if the role of the person changes. Only an owner invites owners and admins.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({ email: PersonEmail, name: DisplayName, role: Role, workspaces: WorkspaceAccess.default(null) })
    .meta({ id: 'InvitePerson' }),
  responses: {
    201: z.strictObject({ ...Person.shape, invitation: Invitation }).meta({ id: 'PersonInvited' }),
  },
  errors: [],
  examples: { member: { summary: 'A member', value: { email: 'ben@acme.test', name: 'Ben', role: 'member' } } },
});

const inviteAgain = operation({
  id: 'inviteAgain',
  method: 'POST',
  repetition: 'once',
  ifLost:
    'POST /api/v1/people/{id}/invitation with a new Idempotency-Key makes another invitation, which replaces the one that was lost.',
  path: '/api/v1/people/{person_id}/invitation',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Invite a person again.',
  description:
    'For a person who lost the invitation, the password or the second factor, or whose second factor is locked. Accepting it sets a new password, removes the second factor and ends all other sessions.',
  params: personParams,
  headers: IdempotentHeaders,
  body: z.strictObject({}).meta({ id: 'InviteAgain' }),
  responses: {
    200: z.strictObject({ ...Person.shape, invitation: Invitation }).meta({ id: 'PersonInvitedAgain' }),
  },
  errors: ['NOT_FOUND'],
  examples: { again: { summary: 'Again', value: {} } },
});

const listPeople = operation({
  id: 'listPeople',
  method: 'GET',
  path: '/api/v1/people',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'List the people who have an account.',
  description: 'Includes invited and disabled people, and those whom the caller cannot manage.',
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(Person).meta({ id: 'PersonPage' }) },
  errors: [],
});

const updatePerson = operation({
  id: 'updatePerson',
  method: 'PATCH',
  path: '/api/v1/people/{person_id}',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Change what a person may do.',
  description:
    'Absent fields do not change. A change of rights ends the sessions of the person, and a change of the role the open invitation. Only an owner changes owners and admins. The last owner must remain an owner.',
  params: personParams,
  body: z
    .strictObject({
      name: DisplayName.optional(),
      role: Role.optional(),
      workspaces: WorkspaceAccess.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ id: 'UpdatePerson' }),
  responses: { 200: Person },
  errors: ['NOT_FOUND'],
  examples: { disable: { summary: 'Disable an account', value: { state: 'disabled' } } },
});

const deletePerson = operation({
  id: 'deletePerson',
  method: 'DELETE',
  path: '/api/v1/people/{person_id}',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Delete an account and end its sessions.',
  description:
    'The audit log still contains its id. Only an owner deletes owners and admins. The last owner cannot be deleted.',
  params: personParams,
  responses: { 204: null },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH'],
});

export const peopleOperations = {
  invitePerson,
  inviteAgain,
  listPeople,
  updatePerson,
  deletePerson,
} as const;

import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery } from './paging.ts';
import { Person, PersonEmail, peopleTag, Role, WorkspaceAccess } from './person.ts';

const Invitation = z.string().meta({
  secret: true,
  description: 'For `POST /api/v1/claim`, once, within 7 days. Shown here and never again.',
});

const personParams = z.strictObject({ person_id: idSchema('person') });

const invitePerson = operation({
  id: 'invitePerson',
  method: 'POST',
  path: '/api/v1/people',
  auth: 'any',
  permission: 'administer',
  tag: peopleTag,
  summary: 'Invite somebody.',
  description: 'Returns the invitation, once, to be handed over. Who takes it up sets a password.',
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
  path: '/api/v1/people/{person_id}/invitation',
  auth: 'any',
  permission: 'administer',
  tag: peopleTag,
  summary: 'Invite somebody anew.',
  description:
    'For who lost the invitation, the password or the second factor: who takes it up sets a password, and has no second factor and no other session.',
  params: personParams,
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
  tag: peopleTag,
  summary: 'List people.',
  description: 'Everybody with an account here.',
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
  tag: peopleTag,
  summary: 'Change what somebody may do.',
  description:
    'What is absent stays. Ends the sessions of the person where their rights change. The last owner stays one.',
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
  examples: { disable: { summary: 'Keep out', value: { state: 'disabled' } } },
});

const deletePerson = operation({
  id: 'deletePerson',
  method: 'DELETE',
  path: '/api/v1/people/{person_id}',
  auth: 'any',
  permission: 'administer',
  tag: peopleTag,
  summary: 'Delete an account.',
  description: 'Its sessions end. The audit log keeps its id. The last owner stays.',
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

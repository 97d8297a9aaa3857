import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const roles = ['owner', 'admin', 'member', 'read-only'] as const;

/** NIST SP 800-63B: length is what counts, and no rules of composition. */
export const passwordLengthMin = 10;
export const passwordLengthMax = 256;

const Role = z.enum(roles).meta({
  description:
    '`owner` does everything; `admin` everything but what concerns owners; `member` reads, and handles unknown messages and dead letters; `read-only` reads.',
});

const Workspaces = z
  .array(idSchema('workspace'))
  .min(1)
  .max(100)
  .nullable()
  .meta({ description: 'The workspaces that it is for. Null: every one. An owner has them all.' });

const Password = z
  .string()
  .min(passwordLengthMin)
  .max(passwordLengthMax)
  .meta({ secret: true, writeOnly: true, description: 'At least 10 characters, and none that everybody uses.' });

const Email = z.email().max(254).meta({ description: 'Case does not count.' });
const Name = z.string().trim().min(1).max(200);

export const Person = z
  .strictObject({
    id: idSchema('person'),
    email: z.string(),
    name: z.string(),
    role: Role,
    workspaces: Workspaces,
    state: z.enum(['invited', 'active', 'disabled']).meta({ description: '`invited`: has not set a password yet.' }),
    two_factor: z.boolean().meta({ description: 'Whether a code is asked for at sign-in.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Person' });
export type Person = z.output<typeof Person>;

const Invitation = z.string().meta({
  secret: true,
  description: 'For `POST /api/v1/claim`, once, within 7 days. Shown here and never again.',
});

export const Session = z
  .strictObject({
    id: idSchema('session'),
    current: z.boolean().meta({ description: 'The one that asks.' }),
    address: z.string(),
    user_agent: z.string().nullable(),
    created_at: Timestamp,
    seen_at: Timestamp.meta({ description: 'To the minute.' }),
    ends_at: Timestamp.meta({
      description: '30 minutes after the last use, and 12 hours after the sign-in at the latest.',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof Session>;

export const AdminToken = z
  .strictObject({
    id: idSchema('adminToken'),
    name: z.string(),
    role: Role,
    workspaces: Workspaces,
    created_by: z.string(),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    last_used_from: z.string().nullable(),
  })
  .meta({ id: 'AdminToken' });
export type AdminToken = z.output<typeof AdminToken>;

const tag = 'People';
const personParams = z.strictObject({ person_id: idSchema('person') });
const Code = z
  .string()
  .regex(/^\d{6}$/, 'must be the six digits that the app shows.')
  .meta({ secret: true, writeOnly: true });

const PasswordAndCode = z.strictObject({
  password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
  code: Code.optional().meta({ description: 'Needed where a second factor counts already.' }),
});

const claim = operation({
  id: 'claim',
  method: 'POST',
  path: '/api/v1/claim',
  auth: 'none',
  permission: null,
  tag,
  summary: 'Take up an invitation, or the installation itself.',
  description:
    'With the token that the log shows at the start while nobody is there yet, the first owner is made: `email` and `name` are needed. With an invitation, its person sets a password. Each counts once.',
  body: z
    .strictObject({
      token: z.string().min(20).max(200).meta({ secret: true, writeOnly: true }),
      password: Password,
      email: Email.optional(),
      name: Name.optional(),
    })
    .meta({ id: 'Claim' }),
  responses: { 201: Person },
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'],
  examples: {
    first: {
      summary: 'The first owner',
      value: {
        token: 'cfi_example_example_example',
        password: 'four words not in songs',
        email: 'ada@acme.test',
        name: 'Ada',
      },
    },
  },
});

const signIn = operation({
  id: 'signIn',
  method: 'POST',
  path: '/api/v1/sessions',
  auth: 'none',
  permission: null,
  tag,
  summary: 'Sign in.',
  description:
    'Answers with a cookie for the browser. Scripts use tokens instead. Whoever guesses waits longer and longer: `429`.',
  body: z
    .strictObject({
      email: Email,
      password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
      code: Code.optional().meta({ description: 'Of the second factor, where the person has one.' }),
    })
    .meta({ id: 'SignIn' }),
  responses: { 201: Person },
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'],
  examples: {
    plain: {
      summary: 'Without a second factor',
      value: { email: 'ada@acme.test', password: 'four words not in songs' },
    },
  },
});

const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: '/api/v1/sessions',
  auth: 'any',
  permission: null,
  tag,
  summary: 'One’s own sessions.',
  description: 'The newest first. Only people have any.',
  responses: { 200: z.strictObject({ data: z.array(Session) }).meta({ id: 'SessionList' }) },
  errors: ['NOT_FOUND'],
});

const endSession = operation({
  id: 'endSession',
  method: 'DELETE',
  path: '/api/v1/sessions/{session_id}',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Sign out.',
  description: 'Ends one of one’s own sessions; `current` is the one that asks.',
  params: z.strictObject({ session_id: z.union([idSchema('session'), z.literal('current')]) }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

const getMe = operation({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Who asks, and what that allows.',
  description: 'Also for tokens, keys with `manage`, and the administrator token.',
  responses: {
    200: z
      .strictObject({
        kind: z.enum(['operator', 'key', 'token', 'person']),
        id: z.string(),
        permissions: z.array(z.string()),
        workspaces: Workspaces,
        person: Person.nullable(),
      })
      .meta({ id: 'Me' }),
  },
  errors: [],
});

const changePassword = operation({
  id: 'changePassword',
  method: 'POST',
  path: '/api/v1/me/password',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Change one’s own password.',
  description: 'Ends all other sessions.',
  body: z
    .strictObject({
      current_password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
      password: Password,
    })
    .meta({ id: 'ChangePassword' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: {
    new: {
      summary: 'A new one',
      value: { current_password: 'four words not in songs', password: 'other words of no song' },
    },
  },
});

const startTwoFactor = operation({
  id: 'startTwoFactor',
  method: 'POST',
  path: '/api/v1/me/two-factor',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Begin with a second factor.',
  description:
    'Returns the secret for an authenticator app (RFC 6238), once. It counts when a code of it was confirmed. Takes the password again, and a code where there is a second factor already.',
  body: PasswordAndCode.meta({ id: 'StartTwoFactor' }),
  responses: {
    200: z
      .strictObject({
        secret: z.string().meta({ secret: true }),
        uri: z.string().meta({ secret: true, description: 'What the app scans as a QR code.' }),
      })
      .meta({ id: 'TwoFactorSecret' }),
  },
  errors: ['NOT_FOUND'],
  examples: { begin: { summary: 'Begin', value: { password: 'four words not in songs' } } },
});

const confirmTwoFactor = operation({
  id: 'confirmTwoFactor',
  method: 'POST',
  path: '/api/v1/me/two-factor/confirm',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Confirm the second factor with a code.',
  description: 'From now on a code is asked for at sign-in.',
  body: z.strictObject({ code: Code }).meta({ id: 'ConfirmTwoFactor' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: { code: { summary: 'A code', value: { code: '123456' } } },
});

const stopTwoFactor = operation({
  id: 'stopTwoFactor',
  method: 'POST',
  path: '/api/v1/me/two-factor/stop',
  auth: 'any',
  permission: null,
  tag,
  summary: 'Do without the second factor.',
  description: 'Takes the password and a code again. Who lost the app is invited anew by an owner or admin.',
  body: PasswordAndCode.meta({ id: 'StopTwoFactor' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: { stop: { summary: 'Stop', value: { password: 'four words not in songs', code: '123456' } } },
});

const invitePerson = operation({
  id: 'invitePerson',
  method: 'POST',
  path: '/api/v1/people',
  auth: 'any',
  permission: 'administer',
  tag,
  summary: 'Invite somebody.',
  description: 'Returns the invitation, once, to be handed over. Who takes it up sets a password.',
  body: z
    .strictObject({ email: Email, name: Name, role: Role, workspaces: Workspaces.default(null) })
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
  tag,
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
  tag,
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
  tag,
  summary: 'Change what somebody may do.',
  description:
    'What is absent stays. Ends the sessions of the person where their rights change. The last owner stays one.',
  params: personParams,
  body: z
    .strictObject({
      name: Name.optional(),
      role: Role.optional(),
      workspaces: Workspaces.optional(),
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
  tag,
  summary: 'Delete an account.',
  description: 'Its sessions end. The audit log keeps its id. The last owner stays.',
  params: personParams,
  responses: { 204: null },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH'],
});

const createAdminToken = operation({
  id: 'createAdminToken',
  method: 'POST',
  path: '/api/v1/tokens',
  auth: 'any',
  permission: 'administer',
  tag,
  summary: 'Make a token for a script.',
  description: 'It is used as a bearer token, with what its role allows in its workspaces. Shown once.',
  body: z
    .strictObject({
      name: Name,
      role: Role,
      workspaces: Workspaces.default(null),
      expires_at: Timestamp.nullish(),
    })
    .meta({ id: 'CreateAdminToken' }),
  responses: {
    201: z
      .strictObject({
        ...AdminToken.shape,
        secret: z.string().meta({ secret: true, description: 'The token itself. Shown here and never again.' }),
      })
      .meta({ id: 'AdminTokenCreated' }),
  },
  errors: [],
  examples: { reports: { summary: 'Reads', value: { name: 'Reports', role: 'read-only' } } },
});

const listAdminTokens = operation({
  id: 'listAdminTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  auth: 'any',
  permission: 'administer',
  tag,
  summary: 'List tokens.',
  description: 'Revoked ones too; never the tokens themselves.',
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(AdminToken).meta({ id: 'AdminTokenPage' }) },
  errors: [],
});

const revokeAdminToken = operation({
  id: 'revokeAdminToken',
  method: 'POST',
  path: '/api/v1/tokens/{token_id}/revoke',
  auth: 'any',
  permission: 'administer',
  tag,
  summary: 'Revoke a token.',
  description: 'At once, on every replica.',
  params: z.strictObject({ token_id: idSchema('adminToken') }),
  body: z.strictObject({}).meta({ id: 'RevokeAdminToken' }),
  responses: { 200: AdminToken },
  errors: ['NOT_FOUND'],
  examples: { now: { summary: 'At once', value: {} } },
});

export const peopleOperations = {
  claim,
  signIn,
  listSessions,
  endSession,
  getMe,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  stopTwoFactor,
  invitePerson,
  inviteAgain,
  listPeople,
  updatePerson,
  deletePerson,
  createAdminToken,
  listAdminTokens,
  revokeAdminToken,
} as const;

import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';
import { Password, Person, PersonEmail, passwordLengthMax, peopleTag, TwoFactorCode } from './person.ts';

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

const claim = operation({
  id: 'claim',
  method: 'POST',
  path: '/api/v1/claim',
  auth: 'none',
  permission: null,
  tag: peopleTag,
  summary: 'Take up an invitation, or the installation itself.',
  description:
    'With the token that the log shows at the start while nobody is there yet, the first owner is made: `email` and `name` are needed. With an invitation, its person sets a password. Each counts once.',
  body: z
    .strictObject({
      token: z.string().min(20).max(200).meta({ secret: true, writeOnly: true }),
      password: Password,
      email: PersonEmail.optional(),
      name: DisplayName.optional(),
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
  tag: peopleTag,
  summary: 'Sign in.',
  description:
    'Answers with a cookie for the browser. Scripts use tokens instead. Whoever guesses waits longer and longer: `429`.',
  body: z
    .strictObject({
      email: PersonEmail,
      password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
      code: TwoFactorCode.optional().meta({ description: 'Of the second factor, where the person has one.' }),
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
  tag: peopleTag,
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
  tag: peopleTag,
  summary: 'Sign out.',
  description: 'Ends one of one’s own sessions; `current` is the one that asks.',
  params: z.strictObject({ session_id: z.union([idSchema('session'), z.literal('current')]) }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

export const sessionOperations = {
  claim,
  signIn,
  listSessions,
  endSession,
} as const;

import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';
import { Password, Person, PersonEmail, passwordLengthMax, peopleTag, TwoFactorCode } from './person.ts';

export const Session = z
  .strictObject({
    id: idSchema('session'),
    current: z.boolean().meta({ description: 'Whether it is the session of this request.' }),
    address: z.string(),
    user_agent: z.string().nullable(),
    created_at: Timestamp,
    seen_at: Timestamp.meta({ description: 'Accurate to the minute.' }),
    ends_at: Timestamp.meta({
      description: '30 minutes after the last use, but at most 12 hours after the sign-in.',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof Session>;

const claim = operation({
  id: 'claim',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/claim',
  auth: 'none',
  permission: null,
  tag: peopleTag,
  summary: 'Accept an invitation, or create the first owner.',
  description:
    'As long as there are no accounts, the gateway writes a token into the file `claim-token` of its data folder when it starts. With that token this creates the first owner; `email` and `name` are required. With an invitation, the invited person sets a password. Each can be used once. A valid one is accepted however often others have failed.',
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
  repetition: 'safe',
  path: '/api/v1/sessions',
  auth: 'none',
  permission: null,
  tag: peopleTag,
  summary: 'Sign in.',
  description:
    'Sets a session cookie for the browser, and another one by which the browser is known: the failures of others do not lock it out. Scripts use tokens instead. After wrong attempts the caller must wait, longer each time: `429`. After several wrong codes the second factor is locked for a while, and an alarm is raised; the answer is the same as to a wrong password.',
  body: z
    .strictObject({
      email: PersonEmail,
      password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
      code: TwoFactorCode.optional().meta({ description: 'The code of the second factor, if the person has one.' }),
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
  summary: 'List your own sessions.',
  description: 'Newest first. Only people have sessions.',
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
  description: 'Ends one of your own sessions. `current` is the session of this request.',
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

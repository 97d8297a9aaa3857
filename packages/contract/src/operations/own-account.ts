import { z } from 'zod';
import { operation } from '../operation.ts';
import { Password, Person, passwordLengthMax, peopleTag, TwoFactorCode, WorkspaceAccess } from './person.ts';

const PasswordAndCode = z.strictObject({
  password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
  code: TwoFactorCode.optional().meta({ description: 'Needed where a second factor counts already.' }),
});

const getMe = operation({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Who asks, and what that allows.',
  description: 'Also for tokens, keys with `manage`, and the administrator token.',
  responses: {
    200: z
      .strictObject({
        kind: z.enum(['operator', 'key', 'token', 'person']),
        id: z.string(),
        permissions: z.array(z.string()),
        workspaces: WorkspaceAccess,
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
  tag: peopleTag,
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
  tag: peopleTag,
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
  tag: peopleTag,
  summary: 'Confirm the second factor with a code.',
  description: 'From now on a code is asked for at sign-in.',
  body: z.strictObject({ code: TwoFactorCode }).meta({ id: 'ConfirmTwoFactor' }),
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
  tag: peopleTag,
  summary: 'Do without the second factor.',
  description: 'Takes the password and a code again. Who lost the app is invited anew by an owner or admin.',
  body: PasswordAndCode.meta({ id: 'StopTwoFactor' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: { stop: { summary: 'Stop', value: { password: 'four words not in songs', code: '123456' } } },
});

export const ownAccountOperations = {
  getMe,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  stopTwoFactor,
} as const;

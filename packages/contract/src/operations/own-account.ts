import { z } from 'zod';
import { operation } from '../operation.ts';
import { Password, Person, passwordLengthMax, peopleTag, TwoFactorCode, WorkspaceAccess } from './person.ts';

const PasswordAndCode = z.strictObject({
  password: z.string().min(1).max(passwordLengthMax).meta({ secret: true, writeOnly: true }),
  code: TwoFactorCode.optional().meta({ description: 'Required if a second factor is active.' }),
});

const getMe = operation({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Show who you are and what you may do.',
  description: 'Also works for tokens, keys with `manage`, and the administrator token.',
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
  repetition: 'safe',
  path: '/api/v1/me/password',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Change your own password.',
  description: 'Ends all your other sessions. Other browsers are no longer known.',
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
      summary: 'A new password',
      value: { current_password: 'four words not in songs', password: 'other words of no song' },
    },
  },
});

const startTwoFactor = operation({
  id: 'startTwoFactor',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/me/two-factor',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Set up a second factor.',
  description:
    'Returns the secret for an authenticator app (RFC 6238), only once. The second factor becomes active when a code of it is confirmed, within 15 minutes. Until then an earlier one stays active. Requires the password, and a code if a second factor is already active.',
  body: PasswordAndCode.meta({ id: 'StartTwoFactor' }),
  responses: {
    200: z
      .strictObject({
        secret: z.string().meta({ secret: true }),
        uri: z.string().meta({ secret: true, description: 'The content of the QR code that the app scans.' }),
      })
      .meta({ id: 'TwoFactorSecret' }),
  },
  errors: ['NOT_FOUND'],
  examples: { begin: { summary: 'Set up', value: { password: 'four words not in songs' } } },
});

const confirmTwoFactor = operation({
  id: 'confirmTwoFactor',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/me/two-factor/confirm',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Confirm the second factor with a code.',
  description: 'From then on a code of it is required at sign-in. It replaces an earlier second factor.',
  body: z.strictObject({ code: TwoFactorCode }).meta({ id: 'ConfirmTwoFactor' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: { code: { summary: 'A code', value: { code: '123456' } } },
});

const stopTwoFactor = operation({
  id: 'stopTwoFactor',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/me/two-factor/stop',
  auth: 'any',
  permission: null,
  tag: peopleTag,
  summary: 'Remove the second factor.',
  description:
    'Requires the password and a code. If you lost the app, ask an owner (or an admin, if you are neither owner nor admin) for a new invitation.',
  body: PasswordAndCode.meta({ id: 'StopTwoFactor' }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
  examples: { stop: { summary: 'Remove', value: { password: 'four words not in songs', code: '123456' } } },
});

export const ownAccountOperations = {
  getMe,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  stopTwoFactor,
} as const;

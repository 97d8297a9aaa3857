import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { Timestamp } from './paging.ts';

/** Schemas of accounts, for the operations on people, sessions, the own account and tokens. */
export const peopleTag = 'People';

export const roles = ['owner', 'admin', 'member', 'read-only'] as const;

/** NIST SP 800-63B recommends a minimum length and no rules about kinds of characters. */
export const passwordLengthMin = 10;
export const passwordLengthMax = 256;

export const Role = z.enum(roles).meta({
  description:
    '`owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read.',
});

export const WorkspaceAccess = z
  .array(idSchema('workspace'))
  .min(1)
  .max(100)
  .nullable()
  .meta({ description: 'The workspaces that may be accessed. Null: all. An owner always has access to all.' });

export const Password = z
  .string()
  .min(passwordLengthMin)
  .max(passwordLengthMax)
  .meta({ secret: true, writeOnly: true, description: 'At least 10 characters. Common passwords are refused.' });

export const PersonEmail = z
  .email()
  .max(254)
  .meta({ description: 'ASCII characters only. Upper and lower case make no difference.' });

export const TwoFactorCode = z
  .string()
  .regex(/^\d{6}$/, 'must be the six digits that the app shows.')
  .meta({ secret: true, writeOnly: true });

export const Person = z
  .strictObject({
    id: idSchema('person'),
    email: z.string(),
    name: z.string(),
    role: Role,
    workspaces: WorkspaceAccess,
    state: z.enum(['invited', 'active', 'disabled']).meta({ description: '`invited`: has not set a password yet.' }),
    two_factor: z.boolean().meta({ description: 'Whether a code is required at sign-in.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Person' });
export type Person = z.output<typeof Person>;

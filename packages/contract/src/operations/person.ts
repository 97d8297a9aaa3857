import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { Timestamp } from './paging.ts';

/** The accounts of people: what the operations on people, sessions, passwords and tokens have in common. */
export const peopleTag = 'People';

export const roles = ['owner', 'admin', 'member', 'read-only'] as const;

/** NIST SP 800-63B: length is what counts, and no rules of composition. */
export const passwordLengthMin = 10;
export const passwordLengthMax = 256;

export const Role = z.enum(roles).meta({
  description:
    '`owner` does everything; `admin` everything but what concerns owners; `member` reads, and handles unknown messages and dead letters; `read-only` reads.',
});

export const WorkspaceAccess = z
  .array(idSchema('workspace'))
  .min(1)
  .max(100)
  .nullable()
  .meta({ description: 'The workspaces that it is for. Null: every one. An owner has them all.' });

export const Password = z
  .string()
  .min(passwordLengthMin)
  .max(passwordLengthMax)
  .meta({ secret: true, writeOnly: true, description: 'At least 10 characters, and none that everybody uses.' });

export const PersonEmail = z.email().max(254).meta({ description: 'Case does not count.' });

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
    two_factor: z.boolean().meta({ description: 'Whether a code is asked for at sign-in.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Person' });
export type Person = z.output<typeof Person>;

import { z } from 'zod';
import { Secret } from '../../ports/secret.ts';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''));

/** What an Intercom workspace may be set to; nothing here is secret. */
export const intercomSettings = z.object({
  region: z.enum(['us', 'eu', 'au']).default('us').meta({ title: 'Region of the Intercom workspace' }),
  base_url: baseUrl
    .optional()
    .meta({ title: 'Address of the API', description: 'Replaces the address that follows from the region.' }),
  contact_role: z.enum(['lead', 'user']).default('lead').meta({
    title: 'Role of new contacts',
    description: 'Leads can be merged into users by the team; users carry an external id of their own.',
  }),
  default_sender_id: z
    .string()
    .regex(/^\d{1,20}$/, 'the number of a teammate, as `GET /admins` shows it')
    .optional()
    .meta({
      title: 'Default sender',
      description:
        'The teammate under whose name a message stands that names none. Without it: the owner of the token.',
    }),
});

export type IntercomSettings = z.infer<typeof intercomSettings>;

/** What opens an Intercom workspace. Parsed values are `Secret`. */
export const intercomCredential = z.object({
  access_token: z
    .string()
    .trim()
    .min(1)
    .transform((value) => new Secret(value))
    .meta({ secret: true, title: 'Access token', description: 'Developer Hub, your app, Authentication.' }),
  client_secret: z
    .string()
    .trim()
    .min(1)
    .transform((value) => new Secret(value))
    .optional()
    .meta({
      secret: true,
      title: 'Client secret',
      description: 'Developer Hub, your app, Basic information. Signs the webhooks; without it none is accepted.',
    }),
});

export type IntercomCredential = z.infer<typeof intercomCredential>;

/** Intercom: one host a region. */
export function apiAddress(settings: IntercomSettings): string {
  return settings.base_url ?? `https://api.${settings.region === 'us' ? '' : `${settings.region}.`}intercom.io`;
}

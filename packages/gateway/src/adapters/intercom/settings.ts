import { z } from 'zod';
import { BoundSecret } from '../../ports/secret.ts';

/** The contract has validated the input; this adds types, defaults and descriptions. */
const given = z.string().min(1);

const secret = z.instanceof(BoundSecret);

/** Intercom hosts each workspace in one of these. */
export const regions = ['us', 'eu', 'au'] as const;
export type Region = (typeof regions)[number];

/** What an Intercom workspace may be set to; nothing here is secret. */
export const intercomSettings = z.object({
  region: z.enum(regions).default('us').meta({ title: 'Region of the Intercom workspace' }),
  base_url: given
    .transform((url) => url.replace(/(?<!\/)\/+$/, ''))
    .optional()
    .meta({
      title: 'Address of the API',
      description: 'Replaces the address that follows from the region; `{region}` in it is replaced by the region.',
    }),
  contact_role: z.enum(['lead', 'user']).default('lead').meta({
    title: 'Role of new contacts',
    description: 'Leads can be merged into users by the team; users carry an external id of their own.',
  }),
  default_sender_id: given.optional().meta({
    title: 'Default sender',
    description:
      'The teammate who appears as the sender of a message that names none. Without it: the owner of the token.',
  }),
});

export type IntercomSettings = z.infer<typeof intercomSettings>;

/** What opens an Intercom workspace. Each secret is bound to the addresses that it was given for. */
export const intercomCredential = z.object({
  access_token: secret.meta({
    secret: true,
    title: 'Access token',
    description: 'Developer Hub, your app, Authentication.',
  }),
  client_secret: secret.optional().meta({
    secret: true,
    title: 'Client secret',
    description: 'Developer Hub, your app, Basic information. Signs the webhooks; without it none is accepted.',
  }),
});

export type IntercomCredential = z.infer<typeof intercomCredential>;

/** Intercom: one host a region. */
export function apiAddress({ region, base_url }: Pick<IntercomSettings, 'region' | 'base_url'>): string {
  return base_url?.replaceAll('{region}', region) ?? `https://api.${region === 'us' ? '' : `${region}.`}intercom.io`;
}

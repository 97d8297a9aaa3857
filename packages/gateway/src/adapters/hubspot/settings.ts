import { z } from 'zod';
import { BoundSecret } from '../../ports/secret.ts';

/** The contract has validated the input; this adds types, defaults and descriptions. */
const given = z.string().min(1);

const address = given.transform((url) => url.replace(/(?<!\/)\/+$/, ''));

const secret = z.instanceof(BoundSecret);

/** How a Telegram user becomes a CRM contact. */
const contactMatching = z.object({
  property: given.meta({
    title: 'Contact property',
    description: 'The internal name of the property that holds the identifier; `telegram_user_id`, for example.',
  }),
  identifier: z.enum(['user_id', 'username']).default('user_id').meta({ title: 'What the property holds' }),
  create: z.boolean().default(true).meta({ title: 'Create a contact where none matches' }),
  unique: z.boolean().default(false).meta({
    title: 'The property has unique values',
    description: 'HubSpot then creates each contact once, even under races.',
  }),
});

/** The address of HubSpot's API, unless another one is set. */
export const publicAddress = 'https://api.hubapi.com';

/**
 * What a HubSpot portal may be set to; nothing here is secret. Unknown fields are left out: a portal that was stored with
 * an `api_version` opens with the versions of `apis.ts`.
 */
export const hubspotSettings = z.object({
  base_url: address.default(publicAddress).meta({ title: 'Address of the API' }),
  client_id: given.meta({ title: 'Client id of your HubSpot app' }),
  app_id: given.optional().meta({ title: 'App id', description: 'Needed to register the channel, with the API key.' }),
  channel_id: given.optional().meta({
    title: 'Custom channel',
    description: 'The id of a channel that is registered already; otherwise one is registered.',
  }),
  inbox_id: given.optional().meta({
    title: 'Inbox',
    description: 'Where the conversations appear. Not needed where the portal has only one.',
  }),
  webhook_url: address.optional().meta({
    title: 'Public address of the webhook',
    description: 'Exactly as HubSpot calls it: the signature covers it. Needed to register the channel.',
  }),
  default_sender_id: given.optional().meta({
    title: 'Default sender',
    description: 'The HubSpot user who appears as the sender of a message that names none. Without it: the bot.',
  }),
  contact_matching: contactMatching.optional().meta({
    title: 'Create HubSpot contacts',
    description: 'Without it, conversations in the inbox have no contact.',
  }),
});

export type HubspotSettings = z.infer<typeof hubspotSettings>;
export type ContactMatching = z.infer<typeof contactMatching>;

/** What opens a HubSpot portal. Each secret is bound to the address that it was given for. */
export const hubspotCredential = z.object({
  client_secret: secret.meta({ secret: true, title: 'Client secret', description: 'Also checks webhook signatures.' }),
  refresh_token: secret.meta({ secret: true, title: 'Refresh token', description: 'From installing the app.' }),
  developer_api_key: secret
    .optional()
    .meta({ secret: true, title: 'Developer API key', description: 'Needed to register the channel.' }),
});

export type HubspotCredential = z.infer<typeof hubspotCredential>;

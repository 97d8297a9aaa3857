/**
 * What the app asks a portal for: as much as is used, and no more. `files` is what the descriptions of all versions of the
 * files API name for both calls that are used; `files.read` and `files.write` are alternatives in some of them
 * (https://github.com/HubSpot/HubSpot-public-api-spec-collection, PublicApiSpecs/Files).
 */
export const scopes: readonly string[] = [
  'oauth',
  'conversations.custom_channels.read',
  'conversations.custom_channels.write',
  'conversations.read',
  'conversations.write',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.owners.read',
  'files',
];

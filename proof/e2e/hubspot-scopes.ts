/** What a portal must grant, so that an install of HubSpot succeeds. */
export const hubspotScopes: readonly string[] = [
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

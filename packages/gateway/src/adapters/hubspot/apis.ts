/** One of HubSpot's APIs, in the version in which the gateway calls it. */
export interface HubspotApi {
  /** As HubSpot's documentation calls it. */
  readonly name: string;
  readonly version: string;
  /** What the paths of its calls begin with. */
  readonly path: string;
}

/**
 * HubSpot gives each API versions of its own: none is in all of them. Source of each line: HubSpot's public API
 * collection, https://github.com/HubSpot/HubSpot-public-api-spec-collection, folder `PublicApiSpecs`, in which each
 * version of an API has its description:
 * - Conversations/Conversations: v3, 2026-09-beta, 2026-09. There never was a 2026-03.
 * - Conversations/Custom Channels: v3, 2025-09, 2026-03, 2026-09 (without `senderActorId` there).
 * - CRM/Contacts: v3, 2025-09, 2026-03, 2026-09-beta, 2026-09 (which enforces the portal's own rules for values).
 * - CRM/Crm Owners, CRM/Properties: v3, 2025-09, 2026-03, 2026-09.
 * - Files/Files: `POST /files` and signed addresses are in v3, 2026-03 and 2026-09-beta, and not in 2025-09 and 2026-09.
 * - Auth/Oauth: v3, 2026-03, 2026-09.
 * HubSpot serves a dated version for 18 months: https://developers.hubspot.com/docs/api-reference/latest/overview
 */
export const apis = {
  conversations: {
    name: 'Conversations',
    version: '2026-09',
    path: '/conversations/conversations/2026-09',
  },
  customChannels: {
    name: 'Custom channels',
    version: '2026-03',
    path: '/conversations/custom-channels/2026-03',
  },
  contacts: { name: 'Contacts', version: '2026-03', path: '/crm/objects/2026-03/contacts' },
  owners: { name: 'Owners', version: '2026-03', path: '/crm/owners/2026-03' },
  properties: { name: 'Properties', version: '2026-03', path: '/crm/properties/2026-03/contacts' },
  files: { name: 'Files', version: '2026-03', path: '/files/2026-03/files' },
  oauth: { name: 'OAuth', version: '2026-03', path: '/oauth/2026-03/token' },
} as const satisfies Readonly<Record<string, HubspotApi>>;

/** Says that HubSpot has no such path, and what a person can do. `path` is that of the call. */
export function explainUnknownPath(path: string): string {
  const api = Object.values(apis).find((one) => path.startsWith(one.path));
  const what = api === undefined ? 'this path' : `the ${api.name} API in version ${api.version}`;
  return `HubSpot does not serve ${what} (${path.split('?', 1).join()}): update Chatferry to a release that calls the version that HubSpot serves now`;
}

/**
 * Each API of HubSpot has versions of its own, and v3 has paths of another form. HubSpot's public API collection
 * (https://github.com/HubSpot/HubSpot-public-api-spec-collection, folder `PublicApiSpecs`) has one description for each.
 */
interface Api {
  /** The beginning of the names of its operations. */
  readonly base: string;
  /** The same in v3. */
  readonly v3: string;
  readonly dated: readonly string[];
}

const apis: readonly Api[] = [
  {
    base: '/conversations/conversations/{version}',
    v3: '/conversations/v3/conversations',
    dated: ['2026-09-beta', '2026-09'],
  },
  {
    base: '/conversations/custom-channels/{version}',
    v3: '/conversations/v3/custom-channels',
    dated: ['2025-09', '2026-03', '2026-09'],
  },
  {
    base: '/crm/objects/{version}/contacts',
    v3: '/crm/v3/objects/contacts',
    dated: ['2025-09', '2026-03', '2026-09-beta', '2026-09'],
  },
  { base: '/crm/owners/{version}', v3: '/crm/v3/owners', dated: ['2025-09', '2026-03', '2026-09'] },
  { base: '/crm/properties/{version}', v3: '/crm/v3/properties', dated: ['2025-09', '2026-03', '2026-09'] },
  { base: '/files/{version}', v3: '/files/v3', dated: ['2026-03', '2026-09-beta'] },
];

/** What differs from the rest of its API. */
const exceptions: Readonly<Record<string, Partial<Pick<Api, 'v3' | 'dated'>>>> = {
  // Only the search is in the versions 2025-09 and 2026-09 of the files.
  '/files/{version}/files/search': { dated: ['2025-09', '2026-03', '2026-09-beta', '2026-09'] },
  '/conversations/conversations/{version}/threads/{threadId}/assignee': { v3: '/conversations/conversations/v3' },
  '/conversations/custom-channels/{version}': { v3: '/conversations/custom-channels/v3' },
};

/** The versions of the token endpoint. */
export const oauthVersions = ['2026-03', '2026-09', 'v3'];

/** All paths at which the operation is served whose name has this path. Throws for a path of no API, which is a bug. */
export function pathsOf(namedPath: string): readonly string[] {
  const api = apis.find(({ base }) => namedPath === base || namedPath.startsWith(`${base}/`));
  if (!api) throw new Error(`No API of HubSpot has the path ${namedPath}.`);
  const { v3, dated } = { ...api, ...exceptions[namedPath] };
  return [...dated.map((version) => namedPath.replace('{version}', version)), namedPath.replace(api.base, v3)];
}

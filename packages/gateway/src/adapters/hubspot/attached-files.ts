import type { AttachmentOutcome, FetchAttachment } from '../../ports/attachment.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import { textAt } from '../json-answer.ts';
import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';

const scheme = 'hubspot-file:';

/** An address made up for a file that HubSpot names only by its id. */
export const addressOfFile = (fileId: string): string => `${scheme}${encodeURIComponent(fileId)}`;

/**
 * Fetches what agents attach. A file that is named by its id is asked for at each try, because the address that HubSpot
 * signs for it lives for a short time.
 */
export function createAttachedFiles(options: {
  readonly client: HubspotClient;
  readonly settings: HubspotSettings;
  readonly guardedFetch: GuardedFetch;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly origins: readonly string[];
}): FetchAttachment {
  const { client, settings, guardedFetch, hosts, paths, origins } = options;

  const signedAddress = async (fileId: string): Promise<{ readonly url: string } | AttachmentOutcome> => {
    const path = `/files/${settings.api_version}/files/${fileId}/signed-url`;
    const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
    if (outcome.kind === 'rejected' || outcome.kind === 'gone') return { kind: 'refused', detail: outcome.detail };
    if (outcome.kind !== 'ok') return { kind: 'unavailable', detail: outcome.detail };
    const url = textAt(outcome.value, 'url');
    return url === null ? { kind: 'refused', detail: 'HubSpot does not say where the file is' } : { url };
  };

  return async (address, limits) => {
    const found = address.startsWith(scheme) ? await signedAddress(address.slice(scheme.length)) : { url: address };
    return 'url' in found ? guardedFetch({ url: found.url, hosts, paths, origins, ...limits }) : found;
  };
}

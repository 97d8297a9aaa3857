import type { AttachmentOutcome, FetchAttachment } from '../../ports/attachment.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import { textAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import type { HubspotClient } from './client.ts';

const scheme = 'hubspot-file:';

/** An address made up for a file that HubSpot names by its id, with the address that the event has for it. */
export const addressOfFile = (fileId: string, url: string | null): string =>
  `${scheme}${encodeURIComponent(fileId)}${url === null ? '' : ` ${url}`}`;

/**
 * Fetches what agents attach. A file that is named by its id is asked for at each try, because the address that HubSpot
 * signs for it lives for a short time. The address of the event is the last resort: it may have expired.
 */
export function createAttachedFiles(options: {
  readonly client: HubspotClient;
  readonly guardedFetch: GuardedFetch;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly origins: readonly string[];
}): FetchAttachment {
  const { client, guardedFetch, hosts, paths, origins } = options;

  const signedAddress = async (fileId: string): Promise<Found> => {
    const path = `${apis.files.path}/${fileId}/signed-url`;
    const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
    if (outcome.kind === 'rejected' || outcome.kind === 'gone') return { kind: 'refused', detail: outcome.detail };
    if (outcome.kind !== 'ok') return { kind: 'unavailable', detail: outcome.detail };
    const url = textAt(outcome.value, 'url');
    return url === null ? { kind: 'refused', detail: 'HubSpot does not say where the file is' } : { url };
  };

  return async (address, limits) => {
    const found = await locate(address, signedAddress);
    return 'url' in found ? guardedFetch({ url: found.url, hosts, paths, origins, ...limits }) : found;
  };
}

type Found = { readonly url: string } | AttachmentOutcome;

async function locate(address: string, signedAddress: (fileId: string) => Promise<Found>): Promise<Found> {
  if (!address.startsWith(scheme)) return { url: address };
  const [fileId = '', url] = address.slice(scheme.length).split(' ', 2);
  const signed = await signedAddress(fileId);
  return 'kind' in signed && signed.kind === 'refused' && url !== undefined ? { url } : signed;
}

import type { InboxAdapter } from '../inbox-adapter.ts';
import { createHubspotAuthorization } from './authorization.ts';
import { hubspotInput } from './configuration.ts';
import { openHubspot } from './inbox.ts';
import { hubspotKind } from './kind.ts';
import { createLoneGrant } from './lone-grant.ts';
import { hubspotProcessSettings } from './process-settings.ts';
import { hubspotCredential, hubspotSettings, publicAddress } from './settings.ts';

export const hubspotAdapter: InboxAdapter = {
  kind: hubspotKind,
  addressesOf: (baseUrl) => [baseUrl ?? publicAddress],
  settings: hubspotProcessSettings,
  open(input, { baseUrl, webhookUrl, defaultSender, grant, onRenewed, ...options }) {
    const own = hubspotInput(input);
    const credential = hubspotCredential.parse(own);
    return openHubspot({
      ...options,
      settings: hubspotSettings.parse({
        ...own,
        base_url: own.base_url ?? baseUrl ?? undefined,
        ...(defaultSender === null ? {} : { default_sender_id: defaultSender }),
        ...(webhookUrl === null ? {} : { webhook_url: webhookUrl }),
      }),
      credential,
      grant:
        grant ?? createLoneGrant(credential.refresh_token, (token) => onRenewed?.({ ...own, refresh_token: token })),
    });
  },
  authorization: createHubspotAuthorization,
};

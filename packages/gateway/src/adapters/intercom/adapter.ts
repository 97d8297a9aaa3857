import type { InboxAdapter } from '../inbox-adapter.ts';
import { createIntercomAuthorization } from './authorization.ts';
import { intercomInput } from './configuration.ts';
import { openIntercom } from './inbox.ts';
import { intercomKind } from './kind.ts';
import { intercomProcessSettings } from './process-settings.ts';
import { apiAddress, intercomCredential, intercomSettings, regions } from './settings.ts';

export const intercomAdapter: InboxAdapter = {
  kind: intercomKind,
  // Intercom: a token is refused outside its region in the words for an invalid one, so that other regions must be asked.
  addressesOf: (baseUrl) => regions.map((region) => apiAddress({ region, base_url: baseUrl ?? undefined })),
  settings: intercomProcessSettings,
  open(input, { transport, guardedFetch, clock, baseUrl, defaultSender, onAnswer }) {
    const own = intercomInput(input);
    return openIntercom({
      onAnswer,
      settings: intercomSettings.parse({
        ...own,
        base_url: own.base_url ?? baseUrl ?? undefined,
        ...(defaultSender === null ? {} : { default_sender_id: defaultSender }),
      }),
      credential: intercomCredential.parse(own),
      transport,
      guardedFetch,
      clock,
    });
  },
  authorization: createIntercomAuthorization,
};

import type { InboxAdapter } from '../inbox-adapter.ts';
import { createIntercomAuthorization } from './authorization.ts';
import { intercomInput } from './configuration.ts';
import { openIntercom } from './inbox.ts';
import { intercomKind } from './kind.ts';
import { intercomProcessSettings } from './process-settings.ts';
import { intercomCredential, intercomSettings } from './settings.ts';

export const intercomAdapter: InboxAdapter = {
  kind: intercomKind,
  settings: intercomProcessSettings,
  open(input, { transport, guardedFetch, clock, baseUrl, defaultSender }) {
    const own = intercomInput(input);
    return openIntercom({
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

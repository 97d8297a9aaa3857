import type { InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { verify } from './verify.ts';

export const hubspotKind: InboxKind = {
  kind: 'hubspot',
  webhookTopics: [],
  verify: ({ url, ...call }, input, nowMs) =>
    input.kind === 'hubspot' && verify({ ...call, publicUrl: url }, new Secret(input.client_secret), nowMs),
  identify,
  decode,
};

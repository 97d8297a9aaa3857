import type { InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { textAt } from '../json-answer.ts';
import { decode } from './decode.ts';
import { eventsIn, identify } from './identify.ts';
import { verify } from './verify.ts';

export const hubspotKind: InboxKind = {
  kind: 'hubspot',
  webhookTopics: [],
  // HubSpot: up to ten times within 24 hours.
  repeatsCalls: true,
  verify: ({ url, ...call }, input, nowMs) =>
    input.kind === 'hubspot' && verify({ ...call, publicUrl: url }, new Secret(input.client_secret), nowMs),
  // HubSpot: a channel belongs to the app, and its one address hears of every portal that installed it.
  accountOf: (raw) => textAt(eventsIn(raw)[0], 'portalId'),
  identify,
  decode,
};

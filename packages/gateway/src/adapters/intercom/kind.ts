import type { InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { topicsToSubscribe } from './topics.ts';
import { verify } from './verify.ts';

export const intercomKind: InboxKind = {
  kind: 'intercom',
  webhookTopics: topicsToSubscribe,
  // Intercom: once more, after a minute.
  repeatsCalls: false,
  verify: (call, input) =>
    input.kind === 'intercom' &&
    verify(call, input.client_secret === undefined ? null : new Secret(input.client_secret)),
  accountOf: () => null,
  identify,
  decode,
};

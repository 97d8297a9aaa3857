import type { InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { verify } from './verify.ts';

export const intercomKind: InboxKind = {
  kind: 'intercom',
  webhookTopics: [
    'conversation.admin.replied',
    'conversation.operator.replied',
    'conversation.admin.closed',
    'conversation.admin.opened',
    'conversation.admin.assigned',
    'conversation.deleted',
    'conversation_part.redacted',
    'contact.merged',
    'contact.deleted',
    'ping',
  ],
  verify: (call, input) =>
    input.kind === 'intercom' &&
    verify(call, input.client_secret === undefined ? null : new Secret(input.client_secret)),
  accountOf: () => null,
  identify,
  decode,
};

import type { InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { parseJson, textAt } from '../json-answer.ts';
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
  // Intercom: the webhooks of an app come to one address for all workspaces that installed it, each under its own id.
  accountOf: (raw) => textAt(parseJson(raw.toString('utf8')), 'app_id'),
  identify,
  decode,
};

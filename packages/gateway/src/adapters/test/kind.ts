import { testInboxKind } from '@chatferry/contract';
import type { InboxKind } from '../../ports/inbox-kind.ts';

/** The inbox of a test channel is the log. Nothing calls the gateway on its behalf, and it has no address and no secret. */
export const testKind: InboxKind & { readonly kind: typeof testInboxKind } = {
  kind: testInboxKind,
  displayName: 'test mode',
  senderField: null,
  webhookTopics: [],
  webhookSettingsPage: '',
  credentialPage: '',
  repeatsCalls: true,
  missingScopesAdvice: '',
  isTestMode: true,
  hasSignature: () => false,
  verify: () => false,
  accountOf: () => null,
  identify: () => ({ malformed: 'test mode has no events of an inbox', fingerprint: '' }),
  decode: () => [],
  sharesWebhookAddress: () => false,
  originsOf: () => [],
  show: () => ({ kind: testInboxKind, settings: {} }),
  appOf: () => {
    throw new Error('test mode has no app');
  },
  whyPublicAddressIsNeeded: () => null,
  credentialRemedy: () => '',
  eventsRemedy: () => '',
};

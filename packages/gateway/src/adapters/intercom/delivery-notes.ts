import type { DeliveryReport } from '../../ports/inbox.ts';

/** The delivery of a reply that may not have reached the customer. */
export type Trouble = Exclude<DeliveryReport, { kind: 'delivered' }>;

/** The text of the note behind such a reply: Intercom shows agents no delivery status. */
export const troubleText = ({ kind, reason }: Trouble): string =>
  `${kind === 'failed' ? 'Not delivered to Telegram' : 'Not confirmed by Telegram; it may have arrived'}: ${reason}`;

/** What happens to an event of HubSpot’s custom channels. `becomes` is for people; printed in docs/inbound.md. */
export const eventTypes: Readonly<Record<string, { readonly replies: boolean; readonly becomes: string }>> = {
  OUTGOING_CHANNEL_MESSAGE_CREATED: {
    replies: true,
    becomes: 'sent to the customer: words, files, inline images, formatting, quick replies; then marked SENT or FAILED',
  },
  CHANNEL_ACCOUNT_CREATED: { replies: false, becomes: 'stored' },
  CHANNEL_ACCOUNT_UPDATED: { replies: false, becomes: 'stored' },
  CHANNEL_ACCOUNT_PURGED: { replies: false, becomes: 'stored' },
};

/** What happens to a message in such an event, by its kind. */
export const messageKinds: readonly (readonly [kind: string, becomes: string])[] = [
  ['MESSAGE, outgoing, by a user or a bot', 'sent'],
  ['MESSAGE, outgoing, published by the gateway itself', 'ignored: it came from the API and is in Telegram already'],
  ['MESSAGE, outgoing, cut short by HubSpot', 'fetched whole, then sent'],
  ['MESSAGE, incoming', 'ignored: the gateway wrote it'],
  ['COMMENT and others', 'internal: never sent'],
];

export const mayReply = (type: string): boolean =>
  Object.hasOwn(eventTypes, type) && eventTypes[type]?.replies === true;

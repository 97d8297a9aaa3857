/** The contract of the public API: operations, schemas, errors and ids. Types, validation, the OpenAPI document, the SDK and the CLI are derived from it. */
export { addressFieldsOf, type FieldPath, type SchemaField, textFieldsOf } from './address-fields.ts';
export * from './alarm.ts';
export * from './api-key.ts';
export { channelName } from './channel-name.ts';
export { type Collection, collectionOf } from './collection.ts';
export * from './crc32.ts';
export { type ErrorPage, errorPages } from './error-pages.ts';
export * from './errors.ts';
export * from './events/event.ts';
export * from './events/event-data.ts';
export * from './events/event-examples.ts';
export * from './events/event-types.ts';
export * from './failure-reasons.ts';
export * from './fingerprint.ts';
export {
  type FormattedText,
  formattedPartsMax,
  type ReadFormatted,
  type TextSpan,
  type TextStyle,
} from './formatting/formatted-text.ts';
export { readHtml } from './formatting/read-html.ts';
export { readMarkdown } from './formatting/read-markdown.ts';
export { captionMax, readText } from './formatting/read-text.ts';
export * from './formatting/text-format.ts';
export { guides } from './guides.ts';
export * from './headers.ts';
export * from './ids.ts';
export {
  ConnectInbox,
  Inbox,
  InboxInput,
  type InboxKind,
  type InboxSecretName,
  inboxKindNames,
  inboxKinds,
  inboxSecretNames,
  type SenderValues,
  testInboxKind,
} from './inbox-kinds.ts';
export { httpsProblem, urlProblem } from './interactive/button-url.ts';
export { markupBytesMax, placeholderMax } from './interactive/fields.ts';
export { type InteractiveType, interactiveTypes, TelegramInteractiveMessage } from './interactive/message.ts';
export { parseSend } from './interactive/parse-send.ts';
export {
  callbackDataBytesMax,
  copyTextMax,
  InlineButton,
  inlineActions,
  inlineRowMax,
  inlineTotalMax,
} from './interactive/reply-buttons.ts';
export { keyActions, keyboardRowMax, keyboardTotalMax, ReplyKey } from './interactive/reply-keyboard.ts';
export { chatIdMax, SendInteractive, type SendInteractiveInput } from './interactive/send.ts';
export { hasAtMost, isVisible, messageTextMax, utf8Length } from './interactive/text.ts';
export { canonicalJson } from './json/canonical.ts';
export { type ParseFailure, type ParseResult, type ParseSuccess, parseBody, parseQuery } from './json/parse.ts';
export { fromPointer, toPointer } from './json/pointer.ts';
export type { ProblemCode } from './json/problems.ts';
export { llmsText } from './llms-text.ts';
export * from './messages/button.ts';
export { findScheduleProblems } from './messages/check-schedule.ts';
export * from './messages/contents.ts';
export * from './messages/edit-message.ts';
export * from './messages/failure.ts';
export * from './messages/message.ts';
export * from './messages/metadata.ts';
export * from './messages/on-tap.ts';
export * from './messages/parse-message.ts';
export * from './messages/send-examples.ts';
export * from './messages/send-message.ts';
export * from './messages/tap-data.ts';
export * from './openapi.ts';
export * from './operation.ts';
export * from './operations/admin-tokens.ts';
export * from './operations/alarms.ts';
export * from './operations/audit.ts';
export * from './operations/channel-options.ts';
export * from './operations/channels.ts';
export * from './operations/chats.ts';
export * from './operations/connections.ts';
export * from './operations/conversation-rules.ts';
export * from './operations/customers.ts';
export * from './operations/dead-letters.ts';
export * from './operations/events.ts';
export * from './operations/files.ts';
export * from './operations/health.ts';
export * from './operations/keys.ts';
export * from './operations/messages.ts';
export * from './operations/operations.ts';
export * from './operations/own-account.ts';
export * from './operations/paging.ts';
export * from './operations/people.ts';
export { type Person, passwordLengthMax, passwordLengthMin, roles } from './operations/person.ts';
export * from './operations/send-examples.ts';
export * from './operations/send-message.ts';
export * from './operations/sessions.ts';
export * from './operations/telegram.ts';
export * from './operations/test-mode.ts';
export * from './operations/timeline.ts';
export * from './operations/webhook-endpoint.ts';
export * from './operations/webhook-endpoints.ts';
export * from './operations/workspaces.ts';
export { bodyBytesMax, nestingMax } from './request-limits.ts';
export * from './test-chats.ts';
export { contractVersion } from './version.gen.ts';

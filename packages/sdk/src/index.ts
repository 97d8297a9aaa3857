/** A client for the Chatferry API without dependencies. */
export type { Call, WithResponse } from './call.js';
export { type Arguments, Chatferry, type OperationId, type Result } from './chatferry.js';
export { type Connected, connect } from './connect.js';
export * from './errors.js';
export type { AnyPage, List } from './list.js';
export { contractVersion, operations } from './operations.gen.js';
export type { Resource, UploadContent } from './resource.js';
export * from './resources.gen.js';
export type { Fetch, Wait } from './runtime.js';
export type { CallOptions, ChatferryOptions } from './settings.js';
export * from './types.gen.js';
export {
  type HeadersLike,
  type VerifyOptions,
  type WebhookProblem,
  WebhookVerificationError,
  webhooks,
} from './webhooks.js';

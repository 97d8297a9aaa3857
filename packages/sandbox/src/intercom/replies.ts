import { isFields } from '../inbox-server/fields.ts';
import { announceFromApi, topicsForPart } from './announce.ts';
import { attachmentFiles, attachmentUrls } from './attachments.ts';
import { conversationShape } from './conversation-shape.ts';
import { addContactPart, addPart } from './conversation-writes.ts';
import { requestedConversation } from './conversations.ts';
import type { Environment } from './environment.ts';
import {
  optionalBoolean,
  optionalInteger,
  optionalList,
  optionalString,
  requiredChoice,
  requiredString,
} from './fields.ts';
import { adminHtml, contactHtml } from './html.ts';
import type { Call, Operation } from './operation.ts';
import { invalid, missing, resourceNotFound, userNotFound } from './refusal.ts';
import { adminAuthor, type Contact, type Conversation, findSender, type Part } from './workspace.ts';

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Intercom: the contact is given as `intercom_user_id`, `user_id` (the external id) or `email`. */
function replyingContact(call: Call, conversation: Conversation): Contact {
  const { body, workspace } = call;
  const id = optionalString(body, 'intercom_user_id');
  const externalId = optionalString(body, 'user_id');
  const email = optionalString(body, 'email');
  if (id === undefined && externalId === undefined && email === undefined) {
    throw missing('intercom_user_id, user_id or email is required');
  }
  const contact = workspace.contacts.get(conversation.contactId);
  const isSame =
    contact?.state.kind === 'live' &&
    (id === undefined || contact.id === id || contact.merges.some((merge) => merge.contactId === id)) &&
    (externalId === undefined || contact.externalId === externalId) &&
    (email === undefined || contact.email === email);
  if (!contact || !isSame) throw userNotFound();
  return contact;
}

function replyOptions(call: Call): Readonly<Record<string, unknown>> {
  const given = optionalList(call.body, 'reply_options', 10);
  if (given.length === 0) return {};
  const options = given.map((option) => {
    if (!isFields(option)) throw invalid('reply_options must be a list of options');
    const uuid = requiredString(option, 'uuid');
    if (!uuidPattern.test(uuid)) throw invalid('reply_options.uuid must be a UUID');
    return { text: requiredString(option, 'text'), uuid };
  });
  return { quick_reply_options: options };
}

function readReplyBody(call: Call, files: number): string | null {
  const text = optionalString(call.body, 'body');
  if (text !== undefined && text.trim() !== '') return text;
  if (files === 0) throw invalid('Body is required');
  return null;
}

function contactReply(environment: Environment, call: Call, conversation: Conversation): Part {
  requiredChoice(call.body, 'message_type', ['comment', 'quick_reply'] as const);
  const createdAt = optionalInteger(call.body, 'created_at');
  const metadata = replyOptions(call);
  const contact = replyingContact(call, conversation);
  const attachments = [...attachmentUrls(call), ...attachmentFiles(environment, call)];
  const options = metadata['quick_reply_options'];
  const chosen = Array.isArray(options) ? String(options[0].text) : null;
  const text = chosen ?? readReplyBody(call, attachments.length);
  return addContactPart(environment, call.workspace, conversation, contact, {
    body: text === null ? null : contactHtml(text),
    attachments,
    metadata: Array.isArray(options) ? { quick_reply_uuid: options[0].uuid } : {},
    createdAt,
  });
}

/** Intercom: a note or a quick reply does not reopen a conversation; a quick reply is stored without a body. */
function adminReply(environment: Environment, call: Call, conversation: Conversation): Part {
  const { workspace, body } = call;
  const partType = requiredChoice(body, 'message_type', ['comment', 'note', 'quick_reply'] as const);
  const adminId = requiredString(body, 'admin_id');
  const skip = optionalBoolean(body, 'skip_notifications') ?? false;
  const createdAt = optionalInteger(body, 'created_at');
  const metadata = replyOptions(call);
  if (partType === 'quick_reply' && metadata['quick_reply_options'] === undefined)
    throw missing('reply_options is required');
  const admin = findSender(workspace, adminId);
  if (!admin) throw resourceNotFound();
  const attachments = [...attachmentUrls(call), ...attachmentFiles(environment, call)];
  const text = partType === 'quick_reply' ? null : readReplyBody(call, attachments.length);
  const part = addPart(environment, workspace, conversation, {
    partType,
    body: text === null ? null : adminHtml(text),
    author: adminAuthor(admin),
    attachments,
    metadata,
    createdAt,
    madeBy: 'api',
    notified: partType !== 'note' && !(skip && call.minorVersion >= 15),
    state: partType === 'comment' && workspace.options.adminCommentReopens ? 'open' : conversation.state,
  });
  if (partType !== 'note') conversation.waitingSince = null;
  return part;
}

export function replyOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /conversations/{id}/reply',
      async handle(call) {
        const type = requiredChoice(call.body, 'type', ['admin', 'user'] as const);
        const conversation = requestedConversation(call);
        const reply = type === 'admin' ? adminReply : contactReply;
        const part = reply(environment, call, conversation);
        await announceFromApi(environment, call.workspace, topicsForPart(part), conversation, [part]);
        return conversationShape(call.workspace, conversation);
      },
    },
  ];
}

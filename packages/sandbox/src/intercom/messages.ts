import { isFields } from '../inbox-server/fields.ts';
import { announceFromApi } from './announce.ts';
import { liveContact } from './contacts.ts';
import { openConversation } from './conversation-writes.ts';
import { type Environment, nowSeconds } from './environment.ts';
import {
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalString,
  requiredBody,
  requiredChoice,
  requiredFields,
  requiredString,
} from './fields.ts';
import { adminHtml } from './html.ts';
import type { Call, Operation } from './operation.ts';
import { IntercomRefusal, invalid, missing, resourceNotFound, userNotFound } from './refusal.ts';
import { adminAuthor, type Contact, findSender } from './workspace.ts';

function checkMessageType(call: Call): void {
  const given = requiredString(call.body, 'message_type');
  const known = [...call.workspace.options.messageTypes, 'email', 'whatsapp'];
  if (!known.includes(given))
    throw invalid(`message_type '${given}' is not valid. Must be one of: ${known.join(', ')}`);
  if (given === 'email' || given === 'whatsapp') {
    if (given === 'email' && optionalString(call.body, 'subject') === undefined) {
      throw missing('No subject supplied for email message');
    }
    throw new IntercomRefusal(403, 'api_plan_restricted', 'Active subscription needed.');
  }
}

/** Intercom: `from.id` is an integer here, but a string in every other operation. */
function readSender(call: Call) {
  const from = requiredFields(call.body, 'from');
  requiredChoice(from, 'type', ['admin'] as const);
  const id = optionalInteger(from, 'id');
  if (id === undefined) throw missing('from.id is required');
  const admin = findSender(call.workspace, String(id));
  if (!admin) throw resourceNotFound();
  return admin;
}

/** Intercom: shortly after its creation a contact may not be found by this operation. */
function readRecipient(call: Call, nowMs: number): Contact {
  const given = call.body['to'];
  const to = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (to === undefined || to === null) throw missing('to is required');
  if (!isFields(to)) throw invalid('to must be one recipient');
  const role = requiredChoice(to, 'type', ['user', 'lead'] as const);
  const contact = liveContact(call, requiredString(to, 'id'));
  if (contact.role !== role || contact.messageableAtMs > nowMs) throw userNotFound();
  return contact;
}

export function messageOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /messages',
      subject: (body) => (isFields(body['to']) ? body['to']['id'] : undefined),
      async handle(call) {
        const { workspace, body } = call;
        checkMessageType(call);
        const text = requiredBody(body);
        optionalChoice(body, 'template', ['plain', 'personal'] as const);
        const admin = readSender(call);
        const contact = readRecipient(call, environment.context.clock.nowMs());
        const subject = optionalString(body, 'subject') ?? '';
        const createdAt = optionalInteger(body, 'created_at') ?? nowSeconds(environment);
        const message = {
          type: 'admin_message',
          id: environment.ids.next('message'),
          created_at: createdAt,
          subject,
          body: adminHtml(text),
          message_type: 'inapp',
          owner: {
            type: 'admin',
            id: admin.id,
            name: admin.name,
            email: admin.email,
            away_mode_enabled: false,
            away_mode_reassign: false,
          },
        };
        environment.context.feed.publish('intercom', 'message.sent', {
          workspaceId: workspace.id,
          messageId: message.id,
          contactId: contact.id,
        });
        if (optionalBoolean(body, 'create_conversation_without_contact_reply') !== true) return message;
        const source = {
          id: message.id,
          deliveredAs: 'admin_initiated' as const,
          subject,
          body: message.body,
          author: adminAuthor(admin),
          attachments: [],
        };
        const conversation = openConversation(environment, workspace, contact, source, createdAt);
        await announceFromApi(environment, workspace, ['conversation.admin.single.created'], conversation, []);
        return workspace.options.messageConversationId === 'present'
          ? { ...message, conversation_id: conversation.id }
          : message;
      },
    },
  ];
}

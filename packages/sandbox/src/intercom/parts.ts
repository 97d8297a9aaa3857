import { announceFromApi, topicsForPart } from './announce.ts';
import { conversationShape } from './conversation-shape.ts';
import { addPart, type NewPart } from './conversation-writes.ts';
import { requestedConversation } from './conversations.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { optionalString, requiredChoice, requiredString } from './fields.ts';
import { adminHtml } from './html.ts';
import type { Call, Operation } from './operation.ts';
import { IntercomRefusal, resourceNotFound } from './refusal.ts';
import { adminAuthor, type Conversation, findSender, type Part } from './workspace.ts';

/**
 * Assigns, closes or opens a conversation. Intercom: the answer is 422 if the conversation already has this assignee.
 */
function addManagementPart(environment: Environment, call: Call): Part {
  const { workspace, body } = call;
  const action = requiredChoice(body, 'message_type', ['assignment', 'close', 'open'] as const);
  const adminId = requiredString(body, 'admin_id');
  if (action === 'close') requiredChoice(body, 'type', ['admin'] as const);
  const conversation = requestedConversation(call);
  const admin = findSender(workspace, adminId);
  if (!admin) throw resourceNotFound();
  const text = optionalString(body, 'body');
  const part = { body: text ? adminHtml(text) : null, author: adminAuthor(admin), madeBy: 'api' } as const;
  if (action === 'assignment') return assign(environment, call, conversation, part);
  const state = action === 'close' ? 'closed' : 'open';
  if (action === 'close') conversation.waitingSince = null;
  return addPart(environment, workspace, conversation, { ...part, partType: action, state });
}

function assign(
  environment: Environment,
  call: Call,
  conversation: Conversation,
  part: Omit<NewPart, 'partType'>,
): Part {
  const { workspace, body } = call;
  const type = requiredChoice(body, 'type', ['admin', 'team'] as const);
  const assigneeId = requiredString(body, 'assignee_id');
  const known =
    assigneeId === '0' ||
    (type === 'admin'
      ? findSender(workspace, assigneeId) !== undefined
      : workspace.teams.some((team) => team.id === assigneeId));
  if (!known) throw resourceNotFound();
  const next = assigneeId === '0' ? null : assigneeId;
  const present = type === 'admin' ? conversation.adminAssigneeId : conversation.teamAssigneeId;
  if (present === next)
    throw new IntercomRefusal(422, 'parameter_invalid', 'Conversation is already assigned to this assignee');
  if (type === 'admin') conversation.adminAssigneeId = next;
  else conversation.teamAssigneeId = next;
  return addPart(environment, workspace, conversation, {
    ...part,
    partType: 'assignment',
    assignedTo: next === null ? null : { type, id: next },
  });
}

/** Replaces the content of a part or of the first message permanently. */
function redact(environment: Environment, call: Call): Conversation {
  const { workspace, body } = call;
  const type = requiredChoice(body, 'type', ['conversation_part', 'source'] as const);
  const conversation = workspace.conversations.get(requiredString(body, 'conversation_id'));
  const target =
    type === 'source'
      ? [conversation?.source].find((source) => source?.id === requiredString(body, 'source_id'))
      : conversation?.parts.find((part) => part.id === requiredString(body, 'conversation_part_id'));
  if (!conversation || !target) {
    throw new IntercomRefusal(404, 'conversation_part_or_message_not_found', 'Conversation part or message not found');
  }
  Object.assign(target, { body: '<p><i>This message was deleted</i></p>', attachments: [], redacted: true });
  conversation.updatedAt = nowSeconds(environment);
  environment.context.feed.publish('intercom', 'part.redacted', {
    workspaceId: workspace.id,
    conversationId: conversation.id,
    partId: target.id,
  });
  return conversation;
}

export function partOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /conversations/{id}/parts',
      async handle(call) {
        const part = addManagementPart(environment, call);
        const conversation = requestedConversation(call);
        await announceFromApi(environment, call.workspace, topicsForPart(part), conversation, [part]);
        return conversationShape(call.workspace, conversation);
      },
    },
    {
      name: 'POST /conversations/redact',
      subject: (body) => body['conversation_id'],
      async handle(call) {
        const conversation = redact(environment, call);
        const parts = conversation.parts.filter((part) => part.id === call.body['conversation_part_id']);
        await announceFromApi(environment, call.workspace, ['conversation_part.redacted'], conversation, parts);
        return conversationShape(call.workspace, conversation);
      },
    },
  ];
}

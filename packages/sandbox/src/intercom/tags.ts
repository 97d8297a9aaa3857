import { requestedConversation } from './conversations.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { optionalString, requiredString } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import { IntercomRefusal, invalid, resourceNotFound } from './refusal.ts';
import { type Conversation, findSender, type Tag } from './workspace.ts';

function taggedConversation(call: Call): Conversation {
  if (!call.workspace.conversations.has(call.params['id'] ?? '')) {
    throw new IntercomRefusal(404, 'not_found', 'Conversation not found');
  }
  return requestedConversation(call);
}

/** Intercom: creating a tag with an existing name, in upper or lower case, returns the existing tag. */
function findOrCreateTag(environment: Environment, call: Call): Tag {
  const name = optionalString(call.body, 'name');
  if (name === undefined || name.trim() === '') throw invalid('invalid tag parameters');
  const present = call.workspace.tags.find((tag) => tag.name.toLowerCase() === name.toLowerCase());
  if (present) return present;
  const tag = { id: environment.ids.next('tag'), name };
  call.workspace.tags.push(tag);
  return tag;
}

export function tagOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'GET /tags',
      handle: ({ workspace }) => ({ type: 'list', data: workspace.tags.map((tag) => ({ type: 'tag', ...tag })) }),
    },
    {
      name: 'POST /tags',
      handle: (call) => ({ type: 'tag', ...findOrCreateTag(environment, call) }),
    },
    {
      name: 'POST /conversations/{id}/tags',
      handle(call) {
        const tagId = requiredString(call.body, 'id');
        const adminId = requiredString(call.body, 'admin_id');
        const conversation = taggedConversation(call);
        const tag = call.workspace.tags.find((candidate) => candidate.id === tagId);
        if (!tag || !findSender(call.workspace, adminId)) throw resourceNotFound();
        const applied = { ...tag, appliedAt: nowSeconds(environment), appliedBy: adminId };
        conversation.tags = [...conversation.tags.filter((present) => present.id !== tag.id), applied];
        return { type: 'tag', ...tag, applied_at: applied.appliedAt, applied_by: { type: 'admin', id: adminId } };
      },
    },
    {
      name: 'DELETE /conversations/{id}/tags/{tag_id}',
      handle(call) {
        const conversation = taggedConversation(call);
        const tag = conversation.tags.find((present) => present.id === call.params['tag_id']);
        if (!tag) throw new IntercomRefusal(404, 'tag_not_found', 'Tag not found');
        conversation.tags = conversation.tags.filter((present) => present !== tag);
        return { type: 'tag', id: tag.id, name: tag.name };
      },
    },
  ];
}

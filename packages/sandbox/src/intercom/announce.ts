import { conversationShape } from './conversation-shape.ts';
import type { Environment } from './environment.ts';
import type { Conversation, Part, Workspace } from './workspace.ts';

/** Intercom: bodies in notifications are plain text if the version of the app is 2.15 or later. */
function bodyFormat(workspace: Workspace) {
  return Number(workspace.options.webhookVersion.split('.')[1]) >= 15 ? 'plaintext' : 'html';
}

function notificationItem(workspace: Workspace, conversation: Conversation, parts: readonly Part[]) {
  const includedParts = workspace.options.webhookParts === 'present' ? parts : [];
  return conversationShape(workspace, conversation, bodyFormat(workspace), includedParts);
}

/** The topics on which a part is announced. Intercom: a bot's answer is sent on two topics with one part id. */
export function topicsForPart(part: Part): readonly string[] {
  if (part.author.type === 'bot') return ['conversation.operator.replied', 'conversation.admin.replied'];
  if (part.author.type === 'user' || part.author.type === 'lead') return ['conversation.user.replied'];
  const topics = {
    comment: 'conversation.admin.replied',
    quick_reply: 'conversation.admin.replied',
    note: 'conversation.admin.noted',
    close: 'conversation.admin.closed',
    open: 'conversation.admin.opened',
    assignment: 'conversation.admin.assigned',
  };
  return [topics[part.partType]];
}

/**
 * Notifies the subscribers of the effect of an API call: before or after the call's answer, as the option `echo` of the
 * workspace says.
 */
export async function announceFromApi(
  { webhooks }: Environment,
  workspace: Workspace,
  topics: readonly string[],
  conversation: Conversation,
  parts: readonly Part[],
): Promise<void> {
  const { echo } = workspace.options;
  if (echo === 'never') return;
  const send = echo === 'twice' ? webhooks.deliverTwice : webhooks.deliver;
  const sent = Promise.all(
    topics.map((topic) => send(workspace, topic, notificationItem(workspace, conversation, parts))),
  );
  if (echo === 'before') await sent;
}

/** Notifies the subscribers of an action in the inbox. */
export function announceFromInbox(
  { webhooks }: Environment,
  workspace: Workspace,
  topics: readonly string[],
  conversation: Conversation,
  parts: readonly Part[],
): void {
  for (const topic of topics) void webhooks.deliver(workspace, topic, notificationItem(workspace, conversation, parts));
}

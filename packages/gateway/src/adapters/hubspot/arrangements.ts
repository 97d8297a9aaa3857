import type { Assignee, ConversationRules } from '@chatferry/contract';
import type { Arrangement } from '../../core/inbox/conversation-rules.ts';
import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { asRepeatable } from './classify.ts';
import { type Portal, threadPath } from './portal.ts';
import type { Teammates } from './teammates.ts';

/** The most names that a message lists. */
const namedMax = 20;

type Check = InboxOutcome<readonly UnfitSetting[]>;

/** HubSpot: threads have an assignee, who is a user, and neither tags nor a mark that the visitor saw them. */
export async function checkRules(teammates: Teammates, rules: ConversationRules): Promise<Check> {
  const assignee = await checkAssignee(teammates, rules.assign_new_to);
  if (assignee.kind !== 'ok') return assignee;
  const unsupported = [
    ...(rules.tag === null ? [] : [{ field: 'tag', detail: 'must be null: HubSpot’s threads have no tags.' }]),
    ...(rules.mark_seen === 'off' ? [] : [{ field: 'mark_seen', detail: 'must be off: HubSpot knows no such mark.' }]),
  ];
  return { kind: 'ok', value: [...unsupported, ...assignee.value] };
}

async function checkAssignee(teammates: Teammates, assignee: Assignee | null): Promise<Check> {
  if (assignee === null) return { kind: 'ok', value: [] };
  if (assignee.kind === 'team') {
    const detail = 'must name a teammate: HubSpot’s API cannot assign a thread to a team.';
    return { kind: 'ok', value: [{ field: 'assign_new_to', detail }] };
  }
  const listed = await teammates.list();
  if (listed.kind !== 'ok') return listed;
  if (listed.value.some(({ senderId }) => senderId === assignee.id)) return { kind: 'ok', value: [] };
  const choice = listed.value
    .slice(0, namedMax)
    .map(({ senderId, name }) => `${senderId} (${name})`)
    .join(', ');
  const detail = `must be the user id of a user of this portal: ${choice}. Provided: ${assignee.id}.`;
  return { kind: 'ok', value: [{ field: 'assign_new_to', detail }] };
}

/** Assigns the thread, unless it has an assignee. Resolves with what HubSpot refused. */
export async function arrange(
  portal: Portal,
  threadId: string,
  { assignee }: Arrangement,
): Promise<InboxOutcome<string | null>> {
  if (assignee === null) return { kind: 'ok', value: null };
  const thread = await readThread(portal, threadId);
  if (thread.kind !== 'ok') return thread;
  if (textAt(thread.value, 'assignedTo') !== null) return { kind: 'ok', value: null };
  const path = `${threadPath(threadId)}/assignee`;
  const body = { actorId: `A-${assignee.id}` };
  const outcome = await portal.client.call('PUT', path, body, { effect: 'writes', about: 'thread' });
  if (outcome.kind === 'ok' || outcome.kind === 'gone') return { kind: 'ok', value: null };
  return outcome.kind === 'rejected'
    ? { kind: 'ok', value: `the user ${assignee.id} was refused as the assignee: ${outcome.detail}` }
    : asRepeatable(outcome);
}

export async function closedAtMs(portal: Portal, threadId: string): Promise<InboxOutcome<number | null>> {
  const thread = await readThread(portal, threadId);
  if (thread.kind !== 'ok') return thread;
  if (textAt(thread.value, 'status') !== 'CLOSED') return { kind: 'ok', value: null };
  const closedAt = textAt(thread.value, 'closedAt') ?? textAt(thread.value, 'latestMessageTimestamp') ?? '';
  return { kind: 'ok', value: Date.parse(closedAt) || 0 };
}

const readThread = (portal: Portal, threadId: string) =>
  portal.client.call('GET', threadPath(threadId), null, { effect: 'reads', about: 'thread' });

import type { ConversationRules } from '@chatferry/contract';
import type { Arrangement } from '../../core/inbox/conversation-rules.ts';
import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { repeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';
import type { Teammates } from './teammates.ts';

/** As many as a person will read through. */
const namedMax = 20;

export interface Arrangements {
  check(rules: ConversationRules): Promise<InboxOutcome<readonly UnfitSetting[]>>;
  arrange(threadId: string, arrangement: Arrangement): Promise<InboxOutcome<string | null>>;
  closedAtMs(threadId: string): Promise<InboxOutcome<number | null>>;
}

/** HubSpot: threads have an assignee, who is a user, and neither tags nor a mark that the visitor saw them. */
export function createArrangements(
  client: HubspotClient,
  teammates: Teammates,
  settings: HubspotSettings,
): Arrangements {
  const pathOf = (threadId: string) =>
    `/conversations/conversations/${settings.api_version}/threads/${encodeURIComponent(threadId)}`;
  const read = (threadId: string) => client.call('GET', pathOf(threadId), null, { effect: 'reads', about: 'thread' });

  const checkAssignee = async ({
    assign_new_to: assignee,
  }: ConversationRules): Promise<InboxOutcome<readonly UnfitSetting[]>> => {
    if (assignee === null) return { kind: 'ok', value: [] };
    if (assignee.kind === 'team') {
      const detail = 'must name a teammate: HubSpot lets nobody assign a thread to a team over its interface.';
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
  };

  return {
    async check(rules) {
      const assignee = await checkAssignee(rules);
      if (assignee.kind !== 'ok') return assignee;
      const foreign = [
        ...(rules.tag === null ? [] : [{ field: 'tag', detail: 'must be null: HubSpot’s threads have no tags.' }]),
        ...(rules.mark_seen === 'off'
          ? []
          : [{ field: 'mark_seen', detail: 'must be off: HubSpot knows no such mark.' }]),
      ];
      return { kind: 'ok', value: [...foreign, ...assignee.value] };
    },
    async arrange(threadId, { assignee }) {
      if (assignee === null) return { kind: 'ok', value: null };
      const thread = await read(threadId);
      if (thread.kind !== 'ok') return thread;
      if (textAt(thread.value, 'assignedTo') !== null) return { kind: 'ok', value: null };
      const body = { actorId: `A-${assignee.id}` };
      const outcome = await client.call('PUT', `${pathOf(threadId)}/assignee`, body, {
        effect: 'writes',
        about: 'thread',
      });
      if (outcome.kind === 'ok' || outcome.kind === 'gone') return { kind: 'ok', value: null };
      return outcome.kind === 'rejected'
        ? { kind: 'ok', value: `the user ${assignee.id} was refused as the assignee: ${outcome.detail}` }
        : repeatable(outcome);
    },
    async closedAtMs(threadId) {
      const thread = await read(threadId);
      if (thread.kind !== 'ok') return thread;
      if (textAt(thread.value, 'status') !== 'CLOSED') return { kind: 'ok', value: null };
      const closedAt = textAt(thread.value, 'closedAt') ?? textAt(thread.value, 'latestMessageTimestamp') ?? '';
      return { kind: 'ok', value: Date.parse(closedAt) || 0 };
    },
  };
}

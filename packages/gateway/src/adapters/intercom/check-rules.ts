import type { ConversationRules } from '@chatferry/contract';
import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import type { Teammates } from './teammates.ts';

/** As many as a person will read through. */
const namedMax = 20;

interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** Whether the workspace has whom the rules name; where it has not, whom it has. */
export async function checkRules(
  client: IntercomClient,
  teammates: Teammates,
  { assign_new_to: assignee }: ConversationRules,
): Promise<InboxOutcome<readonly UnfitSetting[]>> {
  if (assignee === null) return { kind: 'ok', value: [] };
  const listed = assignee.kind === 'team' ? await teamsOf(client) : await teammatesOf(teammates);
  if (listed.kind !== 'ok') return listed;
  if (listed.value.some(({ id }) => id === assignee.id)) return { kind: 'ok', value: [] };
  const choice = listed.value
    .slice(0, namedMax)
    .map(({ id, name }) => `${id} (${name})`)
    .join(', ');
  const none = 'it has none, so make one in Intercom first';
  const detail = `must be the id of a ${assignee.kind} of this workspace: ${choice || none}. Provided: ${assignee.id}.`;
  return { kind: 'ok', value: [{ field: 'assign_new_to', detail }] };
}

async function teamsOf(client: IntercomClient): Promise<InboxOutcome<readonly Candidate[]>> {
  const outcome = await client.get('/teams', 'account');
  if (outcome.kind !== 'ok') return outcome;
  const teams = listAt(outcome.value, 'teams').flatMap((team) => {
    const id = textAt(team, 'id');
    return id === null ? [] : [{ id, name: textAt(team, 'name') ?? id }];
  });
  return { kind: 'ok', value: teams };
}

async function teammatesOf(teammates: Teammates): Promise<InboxOutcome<readonly Candidate[]>> {
  const listed = await teammates.list();
  return listed.kind === 'ok'
    ? { kind: 'ok', value: listed.value.map(({ senderId, name }) => ({ id: senderId, name })) }
    : listed;
}

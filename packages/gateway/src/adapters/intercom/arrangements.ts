import type { Assignee } from '@chatferry/contract';
import type { Arrangement } from '../../core/inbox/conversation-rules.ts';
import type { ConversationArrangements, InboxOutcome } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { asRepeatable, type IntercomOutcome } from './classify.ts';
import type { IntercomClient } from './client.ts';
import type { Teammates } from './teammates.ts';

export type Arrangements = Pick<ConversationArrangements, 'arrange' | 'closedAtMs'>;

/** The end of a step: null when it was done, or why Intercom refused it for good. */
type Step = InboxOutcome<string | null>;
const stepDone: Step = { kind: 'ok', value: null };

interface ArrangementDeps {
  readonly client: IntercomClient;
  readonly teammates: Pick<Teammates, 'choose'>;
  /** The ids of the tags that were used, by name. */
  readonly tagIds: Map<string, string>;
}

/** Tags, assigns and marks conversations. Intercom wants a teammate to do it: the default sender. */
export function createArrangements(client: IntercomClient, teammates: Pick<Teammates, 'choose'>): Arrangements {
  const deps = { client, teammates, tagIds: new Map<string, string>() };
  return {
    arrange: (conversationId, arrangement) => arrange(deps, conversationId, arrangement),
    closedAtMs: (conversationId) => closedAtMs(client, conversationId),
  };
}

/** Each step may be repeated. A step that is refused does not stop the others. */
async function arrange(
  deps: ArrangementDeps,
  conversationId: string,
  { tag, assignee, isSeen }: Arrangement,
): Promise<InboxOutcome<string | null>> {
  const path = `/conversations/${encodeURIComponent(conversationId)}`;
  const by = await deps.teammates.choose(null);
  if (by.kind !== 'ok') return by;
  const { adminId } = by.value;
  const steps = [
    ...(tag === null ? [] : [() => addTag(deps, path, tag, adminId)]),
    ...(assignee === null ? [] : [() => assign(deps.client, path, assignee, adminId)]),
    ...(isSeen ? [() => markSeen(deps.client, path)] : []),
  ];
  const refusals: string[] = [];
  for (const step of steps) {
    const outcome = await step();
    if (outcome.kind !== 'ok') return outcome;
    if (outcome.value !== null) refusals.push(outcome.value);
  }
  return { kind: 'ok', value: refusals.length === 0 ? null : refusals.join('; ') };
}

async function closedAtMs(client: IntercomClient, conversationId: string): Promise<InboxOutcome<number | null>> {
  const outcome = await client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');
  if (outcome.kind !== 'ok') return outcome;
  if (textAt(outcome.value, 'state') !== 'closed') return { kind: 'ok', value: null };
  const closedAt = textAt(outcome.value, 'statistics', 'last_close_at') ?? textAt(outcome.value, 'updated_at') ?? '0';
  return { kind: 'ok', value: Number(closedAt) * 1000 };
}

async function addTag(deps: ArrangementDeps, path: string, name: string, adminId: string): Promise<Step> {
  const { client, tagIds } = deps;
  const found = await findTagId(deps, name);
  if (found.kind !== 'ok') return stepRefused(`the tag “${name}”`, found);
  const outcome = await client.postAside(`${path}/tags`, { id: found.value, admin_id: adminId }, 'conversation');
  if (outcome.kind === 'ok') return stepDone;
  // The tag may have been deleted: the next time its id is asked for again.
  tagIds.delete(name);
  return stepRefused(`the tag “${name}”`, asRepeatable(outcome));
}

async function findTagId({ client, tagIds }: ArrangementDeps, name: string): Promise<InboxOutcome<string>> {
  const known = tagIds.get(name);
  if (known !== undefined) return { kind: 'ok', value: known };
  // Intercom finds the tag of this name, or creates it.
  const outcome = await client.postAside('/tags', { name }, 'account');
  if (outcome.kind !== 'ok') return asRepeatable(outcome);
  const id = textAt(outcome.value, 'id');
  if (id === null) return { kind: 'rejected', detail: 'Intercom answered with a tag that has no id' };
  tagIds.set(name, id);
  return { kind: 'ok', value: id };
}

async function assign(client: IntercomClient, path: string, { kind, id }: Assignee, adminId: string): Promise<Step> {
  const conversation = await client.get(path, 'conversation');
  if (conversation.kind !== 'ok') return conversation;
  const holder = textAt(conversation.value, kind === 'team' ? 'team_assignee_id' : 'admin_assignee_id');
  // Intercom: 0 means that the conversation has no assignee.
  if (holder !== null && holder !== '0') return stepDone;
  const body = {
    message_type: 'assignment',
    type: kind === 'team' ? 'team' : 'admin',
    admin_id: adminId,
    assignee_id: id,
  };
  const outcome = await client.postAside(`${path}/parts`, body, 'conversation');
  return outcome.kind === 'ok' || isAssigned(outcome)
    ? stepDone
    : stepRefused(`the ${kind} ${id}`, asRepeatable(outcome));
}

async function markSeen(client: IntercomClient, path: string): Promise<Step> {
  const outcome = await client.put(path, { read: true }, 'conversation');
  return outcome.kind === 'ok' ? stepDone : stepRefused('the mark “seen”', asRepeatable(outcome));
}

/** Intercom: 422 “already assigned”, where a teammate was faster. */
const isAssigned = (outcome: IntercomOutcome): boolean =>
  outcome.kind === 'rejected' && outcome.status === 422 && /already assigned/i.test(outcome.message);

/** A refusal is reported and not tried again; where the conversation itself is gone, there is nothing to do. */
function stepRefused(what: string, outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): Step {
  if (outcome.kind === 'gone') return stepDone;
  return outcome.kind === 'rejected' ? { kind: 'ok', value: `${what} was refused: ${outcome.detail}` } : outcome;
}

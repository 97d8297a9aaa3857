import type { Assignee } from '@chatferry/contract';
import type { Arrangement } from '../../core/inbox/conversation-rules.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { type IntercomOutcome, repeatable } from './classify.ts';
import type { IntercomClient } from './client.ts';
import type { Teammates } from './teammates.ts';

export interface Arrangements {
  arrange(conversationId: string, arrangement: Arrangement): Promise<InboxOutcome<string | null>>;
  closedAtMs(conversationId: string): Promise<InboxOutcome<number | null>>;
}

/** A step of an arrangement: ended well, or refused for good and why. */
type Step = InboxOutcome<string | null>;
const well: Step = { kind: 'ok', value: null };

/** Tags, assigns and marks conversations; each step may be repeated. Intercom wants a teammate to do it: the default sender. */
export function createArrangements(client: IntercomClient, teammates: Teammates): Arrangements {
  const tagIds = new Map<string, string>();

  const tagId = async (name: string): Promise<InboxOutcome<string>> => {
    const known = tagIds.get(name);
    if (known !== undefined) return { kind: 'ok', value: known };
    // Intercom: finds the tag of this name, or makes it.
    const outcome = await client.postAside('/tags', { name }, 'account');
    if (outcome.kind !== 'ok') return repeatable(outcome);
    const id = textAt(outcome.value, 'id');
    if (id === null) return { kind: 'rejected', detail: 'Intercom answered with a tag that has no id' };
    tagIds.set(name, id);
    return { kind: 'ok', value: id };
  };

  const tag = async (path: string, name: string, adminId: string): Promise<Step> => {
    const found = await tagId(name);
    if (found.kind !== 'ok') return refused(`the tag “${name}”`, found);
    const outcome = await client.postAside(`${path}/tags`, { id: found.value, admin_id: adminId }, 'conversation');
    if (outcome.kind === 'ok') return well;
    // Somebody may have deleted the tag meanwhile: the next time it is looked for anew.
    tagIds.delete(name);
    return refused(`the tag “${name}”`, repeatable(outcome));
  };

  const assign = async (path: string, { kind, id }: Assignee, adminId: string): Promise<Step> => {
    const conversation = await client.get(path, 'conversation');
    if (conversation.kind !== 'ok') return conversation;
    const holder = textAt(conversation.value, kind === 'team' ? 'team_assignee_id' : 'admin_assignee_id');
    // Intercom: 0 stands for nobody.
    if (holder !== null && holder !== '0') return well;
    const body = {
      message_type: 'assignment',
      type: kind === 'team' ? 'team' : 'admin',
      admin_id: adminId,
      assignee_id: id,
    };
    const outcome = await client.postAside(`${path}/parts`, body, 'conversation');
    return outcome.kind === 'ok' || isAssigned(outcome) ? well : refused(`the ${kind} ${id}`, repeatable(outcome));
  };

  const markSeen = async (path: string): Promise<Step> => {
    const outcome = await client.put(path, { read: true }, 'conversation');
    return outcome.kind === 'ok' ? well : refused('the mark “seen”', repeatable(outcome));
  };

  return {
    async arrange(conversationId, arrangement) {
      const path = `/conversations/${encodeURIComponent(conversationId)}`;
      const by = await teammates.choose(null);
      if (by.kind !== 'ok') return by;
      const { adminId } = by.value;
      const { assignee, isSeen } = arrangement;
      const name = arrangement.tag;
      const steps = [
        ...(name === null ? [] : [() => tag(path, name, adminId)]),
        ...(assignee === null ? [] : [() => assign(path, assignee, adminId)]),
        ...(isSeen ? [() => markSeen(path)] : []),
      ];
      const remarks: string[] = [];
      for (const step of steps) {
        const outcome = await step();
        if (outcome.kind !== 'ok') return outcome;
        if (outcome.value !== null) remarks.push(outcome.value);
      }
      return { kind: 'ok', value: remarks.length === 0 ? null : remarks.join('; ') };
    },
    async closedAtMs(conversationId) {
      const outcome = await client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');
      if (outcome.kind !== 'ok') return outcome;
      if (textAt(outcome.value, 'state') !== 'closed') return { kind: 'ok', value: null };
      const closedAt =
        textAt(outcome.value, 'statistics', 'last_close_at') ?? textAt(outcome.value, 'updated_at') ?? '0';
      return { kind: 'ok', value: Number(closedAt) * 1000 };
    },
  };
}

/** Intercom: 422 “already assigned”, where somebody was faster. */
const isAssigned = (outcome: IntercomOutcome): boolean =>
  outcome.kind === 'rejected' && outcome.status === 422 && /already assigned/i.test(outcome.message);

/** What is refused for good is said and not tried again; where the conversation itself is gone, there is nothing to do. */
function refused(what: string, outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): Step {
  if (outcome.kind === 'gone') return well;
  return outcome.kind === 'rejected' ? { kind: 'ok', value: `${what} was refused: ${outcome.detail}` } : outcome;
}

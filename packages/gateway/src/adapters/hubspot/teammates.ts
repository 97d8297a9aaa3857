import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome, Teammate } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import type { HubspotClient } from './client.ts';

/** Age at which the list is read again; a stale list serves while HubSpot is down. */
const freshMs = 15 * 60_000;
const pageSize = 100;
const pagesMax = 50;

export interface Teammates {
  /** The portal's users by the id that a message's sender carries: `userId` of the owner, not the owner's own id. */
  list(): Promise<InboxOutcome<readonly Teammate[]>>;
}

export function createTeammates(client: HubspotClient, clock: Clock): Teammates {
  let known: { readonly teammates: readonly Teammate[]; readonly readAtMs: number } | null = null;

  const readAll = async (): Promise<InboxOutcome<readonly Teammate[]>> => {
    const teammates: Teammate[] = [];
    let after: string | null = null;
    for (let page = 0; page < pagesMax; page += 1) {
      const query = new URLSearchParams({ limit: String(pageSize), ...(after === null ? {} : { after }) });
      const path = `${apis.owners.path}?${query}`;
      const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
      if (outcome.kind !== 'ok') return outcome;
      teammates.push(...listAt(outcome.value, 'results').flatMap(teammateOf));
      after = textAt(outcome.value, 'paging', 'next', 'after');
      if (after === null) break;
    }
    return { kind: 'ok', value: teammates };
  };

  return {
    async list() {
      if (known !== null && clock.monotonicMs() - known.readAtMs < freshMs)
        return { kind: 'ok', value: known.teammates };
      const outcome = await readAll();
      if (outcome.kind === 'ok') {
        known = { teammates: outcome.value, readAtMs: clock.monotonicMs() };
        return outcome;
      }
      return outcome.kind === 'deferred' && known !== null ? { kind: 'ok', value: known.teammates } : outcome;
    },
  };
}

function teammateOf(owner: unknown): readonly Teammate[] {
  const senderId = textAt(owner, 'userId');
  if (senderId === null || valueAt(owner, 'archived') === true) return [];
  const name = [textAt(owner, 'firstName'), textAt(owner, 'lastName')].filter((part) => part !== null).join(' ');
  return [{ senderId, name: name || (textAt(owner, 'email') ?? senderId) }];
}

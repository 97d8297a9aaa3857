import type { InboxOutcome, PortalInbox } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import type { HubspotClient } from './client.ts';

/** Pages of the portal's inboxes: a portal has a few. */
const pagesMax = 10;
/** As many as a person will read through. */
const namedMax = 20;

/** The inboxes and help desks of the portal. HubSpot: needs the scope `conversations.read`. */
export async function listInboxes(client: HubspotClient): Promise<InboxOutcome<readonly PortalInbox[]>> {
  const path = `${apis.conversations.path}/inboxes`;
  const inboxes: PortalInbox[] = [];
  let query = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const listed = await client.call('GET', `${path}${query}`, null, { effect: 'reads', about: 'account' });
    if (listed.kind !== 'ok') return listed;
    inboxes.push(...listAt(listed.value, 'results').flatMap(inboxOf));
    const after = textAt(listed.value, 'paging', 'next', 'after');
    if (after === null) break;
    query = `?${new URLSearchParams({ after })}`;
  }
  return { kind: 'ok', value: inboxes };
}

/** For the words of an error: which there are to choose from. */
export const namesOf = (inboxes: readonly PortalInbox[]): string =>
  inboxes
    .slice(0, namedMax)
    .map(({ id, name }) => `${id} (${name})`)
    .join(', ') || 'it has none, so make one in HubSpot first';

function inboxOf(inbox: unknown): readonly PortalInbox[] {
  const id = textAt(inbox, 'id');
  if (id === null || valueAt(inbox, 'archived') === true) return [];
  const kind = textAt(inbox, 'type') === 'HELP_DESK' ? 'help_desk' : 'inbox';
  return [{ id, name: textAt(inbox, 'name') ?? id, kind }];
}

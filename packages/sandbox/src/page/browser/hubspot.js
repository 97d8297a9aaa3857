import { getControl, postControl } from './control.js';

/** @import { Attachment, Conversation, Entry } from './inbox/conversation.js' */
/** @import { Inbox, Product } from './product.js' */

/**
 * The simulated HubSpot, read from `/control/hubspot`.
 *
 * @type {Product}
 */
export const hubspot = {
  key: 'hubspot',
  name: 'HubSpot',
  async inboxes() {
    const portals = await getControl('/hubspot/portals');
    return portals.map((/** @type {any} */ { portal_id, name, users }) => ({ id: portal_id, name, agents: users }));
  },
  async conversations(portalId) {
    const threads = await getControl(`/hubspot/portals/${portalId}/threads`);
    return threads
      .map((/** @type {any} */ thread) => ({
        id: thread.id,
        label: `${thread.visitor_name ?? 'Visitor'}: ${thread.last_text}`,
        known: [thread.integration_thread_id, thread.contact],
      }))
      .reverse();
  },
  async conversation(inbox, id) {
    return conversationFromThread(inbox, await getControl(`/hubspot/portals/${inbox.id}/threads/${id}`));
  },
  act(inbox, id, action) {
    const kinds = { reply: 'message', note: 'comment', close: 'close', open: 'open' };
    return postControl(`/hubspot/portals/${inbox.id}/threads/${id}/reply`, {
      user_id: action.agent_id,
      kind: kinds[action.kind],
      ...('text' in action ? { text: action.text } : {}),
    });
  },
};

/**
 * @param {Inbox} inbox
 * @param {any} thread
 * @returns {Conversation}
 */
function conversationFromThread(inbox, thread) {
  const isOpen = thread.status === 'OPEN';
  const visitor = thread.visitor_name ?? 'Visitor';
  /** @type {[string, string, unknown][]} */
  const facts = [
    ['Thread', 'Number', thread.id],
    ['Thread', 'Assigned to', thread.assignee ?? 'Nobody'],
    ['Thread', 'Channel', thread.channel_account.name],
    ['Thread', 'Channel’s own key', thread.integration_thread_id],
    ['Visitor', 'Name', visitor],
    ['Contact', 'Number', thread.contact?.id ?? 'Not associated'],
    ...Object.entries(thread.contact?.properties ?? {}).map(
      ([name, value]) => /** @type {[string, string, unknown]} */ (['Contact', name.replaceAll('_', ' '), value]),
    ),
  ];
  return {
    key: `hubspot ${inbox.id} ${thread.id}`,
    product: `HubSpot · ${inbox.name}`,
    title: visitor,
    status: { text: isOpen ? 'Open' : 'Closed', tone: isOpen ? 'good' : 'plain' },
    facts: facts.flatMap(([group, label, value]) => (value ? [{ group, label, value: String(value) }] : [])),
    entries: thread.entries.map((/** @type {any} */ entry) => entryFromMessage(entry, visitor)),
    agents: inbox.agents,
    isOpen,
  };
}

/**
 * HubSpot: the first letter of an actor's id is the kind of the actor.
 *
 * @type {Record<string, { side: Entry['side'], role: string }>}
 */
const actorTypes = {
  A: { side: 'team', role: 'User' },
  B: { side: 'bot', role: 'Bot' },
  I: { side: 'bot', role: 'Integration' },
  S: { side: 'bot', role: 'System' },
};

/**
 * @param {any} entry
 * @param {string} visitor
 * @returns {Entry}
 */
function entryFromMessage(entry, visitor) {
  const incoming = entry.direction === 'INCOMING';
  const actor = actorTypes[entry.sender.actor_id.charAt(0)] ?? { side: 'team', role: 'Channel' };
  return {
    id: entry.id,
    kind: entry.is_comment ? 'note' : 'message',
    side: incoming ? 'customer' : actor.side,
    name: entry.sender.name ?? (incoming ? visitor : actor.role),
    role: incoming ? 'Visitor' : actor.role,
    html: entry.rich_text,
    text: entry.text,
    atMs: Date.parse(entry.created_at),
    attachments: entry.attachments.map(attachmentFromHubspot),
    marks:
      entry.status === 'FAILED' ? [{ text: `Not delivered: ${entry.failure ?? 'no reason given'}`, tone: 'bad' }] : [],
  };
}

/** @param {any} given @returns {Attachment} */
function attachmentFromHubspot(given) {
  switch (given.type) {
    case 'FILE':
      return {
        kind: 'file',
        name: given.name ?? `File ${given.fileId}`,
        url: given.url === undefined ? null : new URL(`hubspot/${given.url}`, document.baseURI).href,
        detail: given.content_type ?? '',
      };
    case 'LOCATION': {
      const detail = [given.address, `${given.latitude}, ${given.longitude}`].filter(Boolean).join(' · ');
      return { kind: 'location', title: given.name || 'Location', detail, url: given.url ?? null };
    }
    case 'CONTACT':
      return { kind: 'contact', ...contactDetails(given.contactProfile) };
    case 'QUICK_REPLIES':
      return {
        kind: 'choices',
        labels: given.quickReplies.map((/** @type {any} */ reply) => reply.label ?? reply.value),
      };
    default:
      return { kind: 'other', title: String(given.type) };
  }
}

/** @param {any} profile */
function contactDetails(profile) {
  const name = profile.name ?? {};
  const title = name.formattedName ?? ([name.firstName, name.lastName].filter(Boolean).join(' ') || 'Contact');
  const values = [...profile.phones, ...profile.emails].map((/** @type {any} */ line) =>
    typeof line === 'string' ? line : (line.phone ?? line.email ?? ''),
  );
  return { title: String(title), detail: values.filter(Boolean).join(', ') };
}

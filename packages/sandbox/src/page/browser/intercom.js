import { getControl, postControl } from './control.js';

/** @import { Attachment, Conversation, Entry } from './inbox/conversation.js' */
/** @import { Inbox, Product } from './product.js' */

/**
 * The simulated Intercom, read from `/control/intercom`.
 *
 * @type {Product}
 */
export const intercom = {
  key: 'intercom',
  name: 'Intercom',
  async inboxes() {
    const workspaces = await getControl('/intercom/workspaces');
    return workspaces.map((/** @type {any} */ { workspace_id, name, admins }) => ({
      id: workspace_id,
      name,
      agents: admins,
    }));
  },
  async conversations(workspaceId) {
    const summaries = await getControl(`/intercom/workspaces/${workspaceId}/conversations`);
    return summaries
      .map((/** @type {any} */ summary) => ({
        id: summary.id,
        label: `${summary.contact?.name ?? 'Unknown contact'}: ${summary.last_text}`,
        known: [summary.contact, summary.custom_attributes],
      }))
      .reverse();
  },
  async conversation(inbox, id) {
    return conversationFromTranscript(inbox, await getControl(`/intercom/workspaces/${inbox.id}/conversations/${id}`));
  },
  act(inbox, id, action) {
    const kinds = { reply: 'comment', note: 'note', close: 'close', open: 'open' };
    return postControl(`/intercom/workspaces/${inbox.id}/conversations/${id}/reply`, {
      admin_id: action.agent_id,
      kind: kinds[action.kind],
      ...('text' in action ? { body: escapeHtml(action.text) } : {}),
    });
  },
};

/**
 * @param {Inbox} inbox
 * @param {any} transcript
 * @returns {Conversation}
 */
function conversationFromTranscript(inbox, transcript) {
  const { contact } = transcript;
  /** @type {[string, string, unknown][]} */
  const facts = [
    ['Conversation', 'Number', transcript.id],
    ['Conversation', 'Assigned to', transcript.assignee ?? transcript.team ?? 'Nobody'],
    ['Conversation', 'Tags', transcript.tags.join(', ')],
    ...attributes('Conversation', transcript.custom_attributes),
    ['Customer', 'Name', contact?.name],
    ['Customer', 'Role', contact?.role],
    ['Customer', 'Phone', contact?.phone],
    ['Customer', 'E-mail', contact?.email],
    ['Customer', 'External id', contact?.external_id],
    ...attributes('Customer', contact?.custom_attributes ?? {}),
  ];
  return {
    key: `intercom ${inbox.id} ${transcript.id}`,
    product: `Intercom · ${inbox.name}`,
    title: contact?.name ?? 'Conversation',
    status: {
      text: transcript.state === 'open' ? 'Open' : 'Closed',
      tone: transcript.state === 'open' ? 'good' : 'plain',
    },
    facts: facts.flatMap(([group, label, value]) => (value ? [{ group, label, value: String(value) }] : [])),
    entries: transcript.entries.map((/** @type {any} */ entry) => entryFromPart(inbox, entry)),
    agents: inbox.agents,
    isOpen: transcript.state === 'open',
  };
}

/**
 * @param {string} group
 * @param {Record<string, unknown>} given
 * @returns {[string, string, unknown][]}
 */
const attributes = (group, given) =>
  Object.entries(given).map(([name, value]) => {
    const words = name.replaceAll('_', ' ');
    return [group, words.charAt(0).toUpperCase() + words.slice(1), value];
  });

/** @type {Record<string, { side: Entry['side'], role: string }>} */
const authorTypes = {
  admin: { side: 'team', role: 'Teammate' },
  team: { side: 'team', role: 'Team' },
  bot: { side: 'bot', role: 'Bot' },
  user: { side: 'customer', role: 'Customer' },
  lead: { side: 'customer', role: 'Customer (lead)' },
};

/**
 * @param {Inbox} inbox
 * @param {any} entry
 * @returns {Entry}
 */
function entryFromPart(inbox, entry) {
  const { side, role } = authorTypes[entry.author.type] ?? { side: 'team', role: entry.author.type };
  const name = entry.author.name ?? 'Unknown author';
  const event = eventText(inbox, entry, name);
  // Intercom: closing, opening and assigning can have a text, which is shown with its author like a message.
  const isEvent = event !== undefined && !entry.body;
  return {
    id: entry.id,
    kind: isEvent ? 'event' : entry.is_note ? 'note' : 'message',
    side,
    name,
    role,
    html: entry.body,
    text: null,
    atMs: entry.created_at * 1000,
    attachments: [...entry.attachments.map(attachmentFromFile), ...quickReplyChoices(entry.quick_replies)],
    marks:
      event === undefined
        ? entry.is_redacted
          ? [{ text: 'Deleted', tone: 'bad' }]
          : []
        : [{ text: event, tone: 'plain' }],
  };
}

/**
 * @param {Inbox} inbox
 * @param {any} entry
 * @param {string} name
 */
function eventText(inbox, entry, name) {
  if (entry.part_type === 'close') return `${name} closed the conversation`;
  if (entry.part_type === 'open') return `${name} reopened the conversation`;
  if (entry.part_type !== 'assignment') return undefined;
  const to = inbox.agents.find((agent) => agent.id === entry.assigned_to?.id)?.name;
  return entry.assigned_to ? `${name} assigned this to ${to ?? 'a team'}` : `${name} unassigned this`;
}

/** @param {any} file @returns {Attachment} */
const attachmentFromFile = (file) => ({ kind: 'file', name: file.name, url: file.url, detail: file.content_type });

/** @param {readonly any[]} options @returns {Attachment[]} */
const quickReplyChoices = (options) =>
  options.length === 0 ? [] : [{ kind: 'choices', labels: options.map((option) => String(option.text)) }];

/** Agents type plain text; Intercom expects HTML. @param {string} text */
const escapeHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

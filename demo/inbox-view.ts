import type { HubspotSimulator, IntercomSimulator } from '@chatferry/sandbox';

export interface InboxLine {
  readonly id: string;
  /** The name that the agent reads above it. */
  readonly author: string;
  readonly side: 'team' | 'customer';
  readonly lines: readonly string[];
}

export interface InboxConversation {
  readonly id: string;
  readonly entries: readonly InboxLine[];
  /** The phone number of its contact, as the team sees it. */
  readonly phone: string | null;
}

/** What an agent sees of an inbox, whichever product it is. */
export interface InboxView {
  readonly product: 'Intercom' | 'HubSpot';
  conversations(): readonly InboxConversation[];
  /** Somebody of the team writes in the product itself. */
  answer(conversationId: string, agentId: string, text: string): void;
}

export function intercomView(intercom: IntercomSimulator, workspaceId: string): InboxView {
  return {
    product: 'Intercom',
    conversations: () =>
      intercom.conversations(workspaceId).map(({ id, contact }) => ({
        id,
        phone: contact?.phone ?? null,
        entries: intercom.transcript(workspaceId, id).entries.map((entry) => ({
          id: entry.id,
          author: entry.author.name ?? '',
          side: entry.author.type === 'admin' ? 'team' : 'customer',
          lines: linesOf(entry.text),
        })),
      })),
    answer: (conversationId, agentId, text) =>
      void intercom.reply(workspaceId, conversationId, { admin_id: agentId, body: `<p>${text}</p>` }),
  };
}

export function hubspotView(hubspot: HubspotSimulator, portalId: string): InboxView {
  return {
    product: 'HubSpot',
    conversations: () =>
      hubspot.threads(portalId).map(({ id, contact }) => ({
        id,
        phone: contact?.properties['phone'] ?? null,
        entries: hubspot.transcript(portalId, id).entries.map((entry) => ({
          id: entry.id,
          author: entry.sender.name ?? '',
          side: entry.direction === 'OUTGOING' ? 'team' : 'customer',
          lines: linesOf(entry.text),
        })),
      })),
    answer: (threadId, userId, text) => void hubspot.reply(portalId, threadId, { user_id: userId, text }),
  };
}

/** The products put different space between paragraphs. */
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

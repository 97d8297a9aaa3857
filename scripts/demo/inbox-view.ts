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
  /** Whether what did not reach the customer is told in a note of its own, beside the answer. */
  readonly notesFailures: boolean;
  /** Why the newest answer did not reach the customer, as the agent reads it; null while nothing says so. */
  failure(conversationId: string): string | null;
  /** Somebody of the team writes in the product itself. */
  answer(conversationId: string, agentId: string, text: string): void;
}

export function intercomView(intercom: IntercomSimulator, workspaceId: string): InboxView {
  return {
    product: 'Intercom',
    notesFailures: true,
    failure: (conversationId) =>
      intercom
        .transcript(workspaceId, conversationId)
        .entries.filter(({ is_note }) => is_note)
        .map(({ text }) => text)
        .findLast((text) => text.startsWith('Not ')) ?? null,
    conversations: () =>
      intercom.conversations(workspaceId).map(({ id, contact }) => ({
        id,
        phone: contact?.phone ?? null,
        entries: intercom.transcript(workspaceId, id).entries.map((entry) => ({
          id: entry.id,
          author: entry.author.name ?? '',
          side: entry.author.type === 'admin' ? 'team' : 'customer',
          lines: [
            ...linesOf(entry.text),
            ...entry.attachments.map(({ name, filesize }) => `[${name}, ${filesize} bytes]`),
          ],
        })),
      })),
    answer: (conversationId, agentId, text) =>
      void intercom.reply(workspaceId, conversationId, { admin_id: agentId, body: `<p>${text}</p>` }),
  };
}

export function hubspotView(hubspot: HubspotSimulator, portalId: string): InboxView {
  return {
    product: 'HubSpot',
    notesFailures: false,
    failure: (threadId) => {
      const failed = hubspot.transcript(portalId, threadId).entries.findLast(({ status }) => status === 'FAILED');
      return failed === undefined ? null : `FAILED: ${failed.failure}`;
    },
    conversations: () =>
      hubspot.threads(portalId).map(({ id, contact }) => ({
        id,
        phone: contact?.properties['phone'] ?? null,
        entries: hubspot.transcript(portalId, id).entries.map((entry) => ({
          id: entry.id,
          author: entry.sender.name ?? '',
          side: entry.direction === 'OUTGOING' ? 'team' : 'customer',
          lines: [...linesOf(entry.text), ...entry.attachments.flatMap(fileLine)],
        })),
      })),
    answer: (threadId, userId, text) => void hubspot.reply(portalId, threadId, { user_id: userId, text }),
  };
}

const fileLine = (attachment: object): readonly string[] =>
  'name' in attachment && 'size' in attachment ? [`[${attachment.name}, ${attachment.size} bytes]`] : [];

/** The products put different space between paragraphs. */
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

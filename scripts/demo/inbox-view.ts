import type { Sandbox } from '@chatferry/sandbox';

export interface InboxEntry {
  readonly id: string;
  /** The name that the agent reads above it. */
  readonly author: string;
  readonly side: 'team' | 'customer';
  readonly lines: readonly string[];
}

export interface InboxConversation {
  readonly id: string;
  readonly entries: readonly InboxEntry[];
  /** The phone number of the contact, as the team sees it. */
  readonly phone: string | null;
}

/** What an agent sees and does in an inbox; the same for both products. */
export interface InboxView {
  readonly product: 'Intercom' | 'HubSpot';
  conversations(): readonly InboxConversation[];
  /** Whether a failed answer gets a note of its own beside it. */
  readonly hasFailureNotes: boolean;
  /** Why the newest answer did not reach the customer, as the agent reads it; null while nothing says so. */
  failure(conversationId: string): string | null;
  /** A teammate writes in the product itself. */
  answer(conversationId: string, agentId: string, text: string): void;
}

export const viewIntercom = ({ intercom }: Sandbox, workspaceId: string): InboxView => ({
  product: 'Intercom',
  hasFailureNotes: true,
  failure: (conversationId) =>
    intercom
      .transcript(workspaceId, conversationId)
      .entries.findLast(({ is_note, text }) => is_note && text.startsWith('Not '))?.text ?? null,
  conversations: () =>
    intercom.conversations(workspaceId).map(({ id, contact }) => ({
      id,
      phone: contact?.phone ?? null,
      entries: intercom.transcript(workspaceId, id).entries.map((entry) => ({
        id: entry.id,
        author: entry.author.name ?? '',
        side: entry.author.type === 'admin' ? 'team' : 'customer',
        lines: [...splitLines(entry.text), ...entry.attachments.map(({ name, filesize }) => fileLine(name, filesize))],
      })),
    })),
  answer: (conversationId, agentId, text) =>
    void intercom.reply(workspaceId, conversationId, { admin_id: agentId, body: `<p>${text}</p>` }),
});

export const viewHubspot = ({ hubspot }: Sandbox, portalId: string): InboxView => ({
  product: 'HubSpot',
  hasFailureNotes: false,
  failure(threadId) {
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
        lines: [
          ...splitLines(entry.text),
          ...entry.attachments.flatMap((file: object) =>
            'name' in file && 'size' in file ? [fileLine(file.name, file.size)] : [],
          ),
        ],
      })),
    })),
  answer: (threadId, userId, text) => void hubspot.reply(portalId, threadId, { user_id: userId, text }),
});

const fileLine = (name: unknown, bytes: unknown): string => `[${name}, ${bytes} bytes]`;

/** The products put different space between paragraphs. */
const splitLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

import type { Fields } from '../inbox-server/fields.ts';
import { findAgent, type Message, type Portal, type Thread } from './portal.ts';
import { isoTime } from './time.ts';

/** One entry of a thread as an agent sees it. */
export interface TranscriptEntry {
  readonly id: string;
  readonly type: Message['type'];
  readonly direction: Message['direction'];
  readonly sender: { readonly actor_id: string; readonly name: string | null };
  readonly text: string;
  /** HTML as it was published. It is not safe to show. */
  readonly rich_text: string | null;
  readonly attachments: readonly Fields[];
  readonly status: Message['status']['statusType'];
  /** The status that the app reported last. Null if it reported none: HubSpot shows SENT from the beginning, and never changes it. */
  readonly reported_status: 'SENT' | 'FAILED' | 'READ' | null;
  /** The reason of a failure, as the agent sees it. */
  readonly failure: string | null;
  readonly created_at: string;
  /** True: the entry is internal, and the customer does not see it. */
  readonly is_comment: boolean;
  readonly made_by: 'api' | 'inbox';
}

export interface ThreadSummary {
  readonly id: string;
  readonly status: Thread['status'];
  readonly channel_id: string;
  readonly channel_account: { readonly id: string; readonly name: string | null };
  readonly integration_thread_id: string;
  readonly created_at: string;
  readonly visitor_name: string | null;
  readonly assignee: string | null;
  readonly contact: { readonly id: string; readonly properties: Readonly<Record<string, string>> } | null;
  readonly last_text: string;
}

export interface Transcript extends ThreadSummary {
  readonly entries: readonly TranscriptEntry[];
}

function attachmentEntry(portal: Portal, attachment: Fields): Fields {
  const file = portal.files.get(String(attachment['fileId']));
  if (!file) return attachment;
  // Relative to the address of the simulated HubSpot.
  const url = `file-contents/${file.id}/${encodeURIComponent(file.name)}?signature=${file.signature}`;
  return { ...attachment, name: file.name, size: file.data.length, content_type: file.contentType, url };
}

function messageEntry(portal: Portal, message: Message): TranscriptEntry {
  const sender = message.senders[0];
  const actorId = sender?.actorId ?? message.createdBy;
  return {
    id: message.id,
    type: message.type,
    direction: message.direction,
    sender: { actor_id: actorId, name: findAgent(portal, actorId)?.name ?? sender?.name ?? null },
    text: message.text,
    rich_text: message.richText,
    attachments: message.attachments.map((attachment) => attachmentEntry(portal, attachment)),
    status: message.status.statusType,
    reported_status: message.reportedStatus ?? null,
    failure: message.status.errorMessage,
    created_at: message.createdAt,
    is_comment: message.type === 'COMMENT',
    made_by: message.clientType === 'HUBSPOT' ? 'inbox' : 'api',
  };
}

export function threadSummary(portal: Portal, thread: Thread): ThreadSummary {
  const contact = thread.contactId === null ? undefined : portal.contacts.get(thread.contactId);
  return {
    id: thread.id,
    status: thread.status,
    channel_id: thread.channelId,
    channel_account: {
      id: thread.channelAccountId,
      name: portal.accounts.get(thread.channelAccountId)?.name ?? null,
    },
    integration_thread_id: thread.integrationThreadId,
    created_at: isoTime(thread.createdAtMs),
    visitor_name: thread.visitor.name,
    assignee: thread.assignedTo === null ? null : (findAgent(portal, thread.assignedTo)?.name ?? null),
    contact: contact ? { id: contact.id, properties: contact.properties } : null,
    last_text: thread.messages.at(-1)?.text ?? '',
  };
}

export function threadTranscript(portal: Portal, thread: Thread): Transcript {
  return { ...threadSummary(portal, thread), entries: thread.messages.map((message) => messageEntry(portal, message)) };
}

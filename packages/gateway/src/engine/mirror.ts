import { z } from 'zod';
import type { OutboundContent } from '../core/content.ts';
import { bodyOfInbound, bodyOfOutbound, isCustomerSpeech } from '../core/entry.ts';
import type { InboundEvent } from '../core/inbound.ts';
import { labelOfSuggestion } from '../core/match-button.ts';
import type {
  AppendedEntry,
  ContactLink,
  ContactRequest,
  ConversationLink,
  EntryAuthor,
  Inbox,
  InboxEntry,
  InboxOutcome,
  ReplyRef,
} from '../ports/inbox.ts';
import type { ChatRecord } from '../store/chats.ts';
import type { ConversationKey, StoredConversation } from '../store/conversations.ts';
import type { MirrorMessage } from '../store/mirror.ts';
import type { Directory, OpenChannel, OpenWorkspace } from './directory.ts';
import type { JobEnd, JobHandler } from './job.ts';

export interface MirrorStore {
  readMirrorMessage(createdOn: string, messageId: number): Promise<MirrorMessage | null>;
  readChat(channelId: string, chatId: string): Promise<ChatRecord | null>;
  readConversation(key: ConversationKey): Promise<StoredConversation>;
  linkContact(key: ConversationKey, contact: ContactLink): Promise<void>;
  unlink(key: ConversationKey, what: 'contact' | 'conversation'): Promise<void>;
  recentOutbound(channelId: string, chatId: string, limit: number): Promise<readonly OutboundContent[]>;
  reserveEntry(row: {
    readonly workspaceId: string;
    readonly key: string;
    readonly conversationId: string | null;
    readonly textHash: Buffer;
  }): Promise<{ readonly first: boolean; readonly entryId: string | null }>;
  releaseEntry(workspaceId: string, key: string): Promise<void>;
  recordMirrored(message: MirrorMessage, entryKey: string, appended: AppendedEntry): Promise<void>;
  recordReported(message: MirrorMessage): Promise<void>;
  recordMirrorDead(message: MirrorMessage, detail: string): Promise<void>;
  markWorkspaceBroken(workspaceId: string, problem: string): Promise<void>;
}

const payloadSchema = z.object({ messageId: z.number(), createdOn: z.string() });
/** How many of a chat's newest messages may have offered the button that an answer came from. */
const suggestionsLookback = 50;
/** How often a contact or conversation that vanished is replaced within one try. */
const replacementsMax = 2;

interface Scene {
  readonly message: MirrorMessage;
  readonly open: OpenChannel;
  readonly workspace: OpenWorkspace;
  readonly request: ContactRequest;
  readonly entry: InboxEntry;
}

/** Writes one message into the inbox: at least once with dedupe, in the lane's order, under the right author. */
export function mirrorMessage(deps: { readonly store: MirrorStore; readonly directory: Directory }): JobHandler {
  const { store, directory } = deps;

  return async (_lane, job): Promise<JobEnd> => {
    const { messageId, createdOn } = payloadSchema.parse(job.payload);
    const message = await store.readMirrorMessage(createdOn, messageId);
    if (message?.mirror !== 'pending') return { kind: 'done' };
    const scene = await setScene(message);
    if ('end' in scene) return scene.end;
    return message.replyRef === null ? writeEntry(scene) : reportDelivered(scene, message.replyRef);
  };

  async function setScene(message: MirrorMessage): Promise<Scene | { readonly end: JobEnd }> {
    const { channelId, workspaceId, chatId, topicId } = message.key;
    const open = await directory.channel(channelId);
    const workspace = await directory.workspace(workspaceId);
    if (!open || !workspace) {
      await store.recordMirrorDead(message, 'its channel or workspace was deleted');
      return { end: { kind: 'done' } };
    }
    const known = await store.readChat(channelId, chatId);
    const chat = known?.chat ?? { chatId, kind: 'private', title: `Telegram chat ${chatId}`, username: null };
    const { bot, inboxRef } = open.record;
    return {
      message,
      open,
      workspace,
      request: {
        channel: { botId: bot.botId, username: bot.username, name: bot.name, ref: inboxRef },
        chat: { ...chat, topicId: topicId === '0' ? null : topicId },
        person: known?.person ?? null,
      },
      entry: await toEntry(message, workspace),
    };
  }

  async function toEntry(message: MirrorMessage, workspace: OpenWorkspace): Promise<InboxEntry> {
    const base = { key: `${message.createdOn}:${message.messageId}`, happenedAtMs: message.createdAtMs };
    if (isInbound(message.content)) {
      const event = message.content;
      const author: EntryAuthor = isCustomerSpeech(event.content)
        ? { kind: 'customer', name: event.author.name }
        : { kind: 'note' };
      return { ...base, author, body: bodyOfInbound(event, await buttonLabel(message, event)) };
    }
    const senderId = message.senderId ?? workspace.record.defaultSender;
    return { ...base, author: { kind: 'teammate', senderId }, body: bodyOfOutbound(message.content) };
  }

  async function buttonLabel(message: MirrorMessage, event: InboundEvent): Promise<string | null> {
    if (event.content.kind !== 'suggested-reply') return null;
    const { channelId, chatId } = message.key;
    return labelOfSuggestion(await store.recentOutbound(channelId, chatId, suggestionsLookback), event.content.query);
  }

  async function writeEntry(scene: Scene): Promise<JobEnd> {
    const { message, workspace, request } = scene;
    for (let replacements = 0; ; replacements += 1) {
      const conversation = await store.readConversation(message.key);
      const contact = conversation.contact
        ? ({ kind: 'ok', value: conversation.contact } as const)
        : await workspace.inbox.ensureContact(request);
      if (contact.kind !== 'ok') return endOf(scene, contact);
      if (!conversation.contact) await store.linkContact(message.key, contact.value);
      const appended = await appendOnce(scene, workspace.inbox, { ...conversation, contact: contact.value });
      if (appended.kind === 'ok') {
        await store.recordMirrored(message, scene.entry.key, appended.value);
        await offerPhone(scene, contact.value);
        return { kind: 'done' };
      }
      if (appended.kind !== 'gone' || replacements === replacementsMax) return endOf(scene, appended);
      await store.unlink(message.key, appended.what);
      if (appended.successor) await store.linkContact(message.key, appended.successor);
    }
  }

  /** Reserves, then writes; where an earlier try may have arrived, looks before it writes again. */
  async function appendOnce(scene: Scene, inbox: Inbox, link: ConversationLink): Promise<InboxOutcome<AppendedEntry>> {
    const { entry, request, message } = scene;
    const { workspaceId } = message.key;
    const reserved = await store.reserveEntry({
      workspaceId,
      key: entry.key,
      conversationId: link.conversationId,
      textHash: Buffer.from(inbox.textHashOf(entry.body), 'hex'),
    });
    if (!reserved.first) {
      const found = await inbox.find(request, link, entry);
      if (found.kind === 'ok' && found.value) return { kind: 'ok', value: found.value };
      if (found.kind !== 'ok' && found.kind !== 'gone') return found;
    }
    const appended = await inbox.append(request, link, entry);
    if (appended.kind !== 'ok' && appended.kind !== 'uncertain') await store.releaseEntry(workspaceId, entry.key);
    return appended;
  }

  /** An agent's reply stands in the inbox already; what is missing there is that it was delivered. */
  async function reportDelivered(scene: Scene, reply: ReplyRef): Promise<JobEnd> {
    const { message, workspace, request } = scene;
    const reported = await workspace.inbox.reportDelivery(request.channel, reply, { kind: 'delivered' });
    if (reported.kind !== 'ok') return endOf(scene, reported);
    await store.recordReported(message);
    return { kind: 'done' };
  }

  async function offerPhone(scene: Scene, contact: ContactLink): Promise<void> {
    const { content } = scene.message;
    if (!isInbound(content) || content.content.kind !== 'contact' || !content.content.own) return;
    await scene.workspace.inbox.offerPhone(contact, content.content.phone);
  }

  async function endOf(scene: Scene, outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): Promise<JobEnd> {
    switch (outcome.kind) {
      case 'rejected':
      case 'gone':
        await store.recordMirrorDead(scene.message, outcome.detail);
        return { kind: 'dead', detail: outcome.detail };
      case 'broken':
        await store.markWorkspaceBroken(scene.message.key.workspaceId, outcome.detail);
        return { kind: 'later', wishMs: 60_000, detail: outcome.detail };
      case 'deferred':
        return { kind: 'later', wishMs: outcome.retryAfterMs, detail: outcome.detail };
      case 'uncertain':
        return { kind: 'later', wishMs: null, detail: outcome.detail };
    }
  }
}

const isInbound = (content: MirrorMessage['content']): content is InboundEvent => 'author' in content;

import { z } from 'zod';
import { bodyOfOutbound } from '../../core/inbox/entry.ts';
import { filesOf } from '../../core/inbox/files.ts';
import { bodyOfInbound, isCustomerSpeech } from '../../core/inbox/inbound-body.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import { labelOfSuggestion, quickReplyOf } from '../../core/message/match-button.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type {
  AppendedEntry,
  ContactLink,
  ContactRequest,
  EntryAuthor,
  InboxEntry,
  InboxOutcome,
  ReplyRef,
} from '../../ports/inbox.ts';
import type { EngineLog } from '../../ports/log.ts';
import { type StoredConversation, topicOf } from '../../store/conversations.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';
import type { LeaseClock } from '../lanes/lease-clock.ts';
import type { HoldLane } from '../lanes/renew-lease.ts';
import { putOff } from '../lanes/retry-later.ts';
import { type AppendOnceStore, createAppendOnce } from './append-once.ts';
import { arrangeTriesMax, createRuleKeeper, type RulesStore } from './apply-conversation-rules.ts';
import { createFilesMirror } from './mirror-files.ts';
import type { TellTooLarge } from './report-oversized-file.ts';

export type MirrorStore = RulesStore &
  AppendOnceStore &
  StoreSlice<{
    readonly mirror: 'readMessage' | 'recordMirrored' | 'recordPartMirrored' | 'recordReported' | 'recordDead';
    readonly inboxWrites: 'isRecorded';
    readonly messageHistory: 'listRecentOutbound';
    readonly chats: 'read';
    readonly conversations: 'linkContact' | 'unlink';
  }>;

const payloadSchema = z.object({ messageId: z.number(), createdOn: z.string() });
/** How many of a chat's newest messages may have offered the button that an answer came from. */
const suggestionsLookback = 50;
/** How often a contact or conversation that vanished is replaced within one try. */
const replacementsMax = 2;

interface Scene {
  readonly lane: ClaimedLane;
  readonly message: MirrorMessage;
  readonly open: OpenChannel;
  readonly workspace: OpenWorkspace;
  readonly request: ContactRequest;
  readonly entry: InboxEntry;
}

/** Writes one message into the inbox: at least once with dedupe, in the lane's order, under the right author. */
export function mirrorMessage(deps: {
  readonly store: MirrorStore;
  readonly health: Pick<MarkHealth, 'markWorkspaceBroken' | 'markWorkspaceActive'>;
  readonly channelKind: ChannelKind;
  readonly directory: Directory;
  readonly holdLane: HoldLane;
  readonly leases: LeaseClock;
  readonly tellTooLarge: TellTooLarge;
  readonly log: EngineLog;
}): JobHandler {
  const { store, health, channelKind, directory, holdLane, leases, tellTooLarge, log } = deps;
  const rules = createRuleKeeper(store, log);
  const mirrorFiles = createFilesMirror();
  const appendOnce = createAppendOnce(store, leases);

  return async (lane, job): Promise<JobEnd> => {
    const { messageId, createdOn } = payloadSchema.parse(job.payload);
    const message = await store.mirror.readMessage(createdOn, messageId);
    if (!message) return { kind: 'dead', detail: 'the message was dropped by retention before it could be mirrored' };
    if (message.mirror === 'none' || message.mirror === 'dead') return { kind: 'done' };
    const scene = await setScene(lane, message);
    if ('end' in scene) return scene.end;
    if (message.mirror === 'done') return arrangeLate(scene);
    if (message.origin === 'agent') return reportDelivered(scene, message.replyRef);
    const written = await writeMessage(scene);
    if (written.kind !== 'ok') return endOf(scene, written);
    if (scene.workspace.record.state === 'broken') await health.markWorkspaceActive(scene.workspace.record.id);
    return { kind: 'done', wrote: true };
  };

  async function writeMessage(scene: Scene): Promise<InboxOutcome<unknown>> {
    const { lane, message, open, workspace, entry } = scene;
    const left = await rules.leaveIfOver(message, workspace);
    if (left.kind !== 'ok') return left;
    const files = isInbound(message.content) ? filesOf(message.content.content) : [];
    if (files.length === 0) return writeEntry(scene, entry, store.mirror.recordMirrored);
    return holdLane(lane, () =>
      mirrorFiles({
        channel: open.channel,
        channelName: channelKind.displayName,
        inbox: workspace.inbox,
        entry,
        files,
        failures: lane.failures,
        tellTooLarge: (maxBytes) => tellTooLarge(open.record, message, maxBytes),
        hasConversation: async () => (await store.conversations.read(message.key)).conversationId !== null,
        isWritten: (key) => store.inboxWrites.isRecorded(message.key.workspaceId, key),
        write: (part, isLast) =>
          writeEntry(scene, part, isLast ? store.mirror.recordMirrored : store.mirror.recordPartMirrored),
      }),
    );
  }

  /** The message stands in the inbox since an earlier try; something may be left to do to its conversation. */
  async function arrangeLate(scene: Scene): Promise<JobEnd> {
    const arranged = await rules.arrange(scene.message.key, scene.workspace.inbox, scene.lane.failures);
    return arranged.kind === 'ok' ? { kind: 'done' } : endOf(scene, arranged);
  }

  async function setScene(lane: ClaimedLane, message: MirrorMessage): Promise<Scene | { readonly end: JobEnd }> {
    const { channelId, workspaceId, chatId } = message.key;
    const open = await directory.channel(channelId);
    const workspace = await directory.workspace(workspaceId);
    if (!open || !workspace) {
      if (message.mirror === 'pending') await store.mirror.recordDead(message, 'its channel or workspace was deleted');
      return { end: { kind: 'done' } };
    }
    const known = await store.chats.read(channelId, chatId);
    const unknown = channelKind.unknownChat(chatId);
    const chat = known === null ? unknown : { ...known.chat, title: known.chat.title ?? unknown.title };
    return {
      lane,
      message,
      open,
      workspace,
      request: {
        channel: inboxChannelOf(open.record),
        chat: { ...chat, topicId: topicOf(message.key) },
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
      const chosen = await chosenAnswer(message, event);
      if (chosen !== null) {
        return { ...base, author, chosen, body: { blocks: [{ kind: 'text', text: chosen.label }], extras: [] } };
      }
      return { ...base, author, body: bodyOfInbound(event, await buttonLabel(message, event)) };
    }
    const senderId = message.senderId ?? workspace.record.defaultSender;
    return { ...base, author: { kind: 'teammate', senderId }, body: bodyOfOutbound(message.content) };
  }

  /** The answer that a tap chose, where the inbox had offered it. */
  async function chosenAnswer(
    { key }: MirrorMessage,
    { content }: InboundEvent,
  ): Promise<NonNullable<InboxEntry['chosen']> | null> {
    if (content.kind !== 'tap') return null;
    return quickReplyOf(
      await store.messageHistory.listRecentOutbound(key.channelId, key.chatId, suggestionsLookback),
      content.data,
    );
  }

  async function buttonLabel(message: MirrorMessage, event: InboundEvent): Promise<string | null> {
    if (event.content.kind !== 'suggested-reply') return null;
    const { channelId, chatId } = message.key;
    return labelOfSuggestion(
      await store.messageHistory.listRecentOutbound(channelId, chatId, suggestionsLookback),
      event.content.query,
    );
  }

  /**
   * Appends one entry to where the chat's conversation is by now, and records it; before that, what an earlier entry left to
   * be done to the conversation is done.
   */
  async function writeEntry(
    scene: Scene,
    entry: InboxEntry,
    record: MirrorStore['mirror']['recordMirrored'],
  ): Promise<InboxOutcome<AppendedEntry>> {
    const { message, workspace } = scene;
    for (let replacements = 0; ; replacements += 1) {
      const conversation = await store.conversations.read(message.key);
      if (conversation.arrangement !== null) {
        const arranged = await rules.arrange(message.key, workspace.inbox, scene.lane.failures);
        if (arranged.kind !== 'ok') return arranged;
      }
      const contact = await contactFor(scene, conversation);
      if (contact.kind !== 'ok') return contact;
      const offered = await offerPhone(scene, contact.value);
      if (offered.kind !== 'ok' && offered.kind !== 'gone' && offered.kind !== 'rejected') return offered;
      const link = { ...conversation, contact: contact.value };
      const appended = await appendOnce(scene, link, entry);
      if (appended.kind === 'ok') return recordEntry(scene, entry, conversation, appended.value, record);
      if (appended.kind !== 'gone' || replacements === replacementsMax) return appended;
      // A contact that was merged into another one took its conversation along.
      if (appended.successor)
        await store.conversations.linkContact(message.key, appended.successor, conversation.isContactNameless);
      else await store.conversations.unlink(message.key, appended.conversationStays ? 'contact-alone' : appended.what);
    }
  }

  async function recordEntry(
    { lane, message, workspace }: Scene,
    entry: InboxEntry,
    before: StoredConversation,
    appended: AppendedEntry,
    record: MirrorStore['mirror']['recordMirrored'],
  ): Promise<InboxOutcome<AppendedEntry>> {
    const arrangement = await rules.arrangementFor(message, workspace.record.conversationRules, before, appended);
    await record(message, entry.key, appended, arrangement);
    if (arrangement === null) return { kind: 'ok', value: appended };
    const arranged = await rules.arrange(message.key, workspace.inbox, lane.failures);
    return arranged.kind === 'ok' ? { kind: 'ok', value: appended } : arranged;
  }

  /** The chat's contact, found or made where there is none; named once it is known whose chat it is. */
  async function contactFor(
    { message, workspace, request }: Scene,
    { contact, isContactNameless }: StoredConversation,
  ): Promise<InboxOutcome<ContactLink>> {
    const from = channelKind.unknownChat(request.chat.chatId).title;
    const to = request.person?.name ?? request.chat.title;
    const isNameless = to === from;
    if (contact === null) {
      const made = await workspace.inbox.ensureContact(request);
      if (made.kind === 'ok') await store.conversations.linkContact(message.key, made.value, isNameless);
      return made;
    }
    if (isContactNameless && !isNameless) {
      const renamed = await workspace.inbox.contacts?.rename(contact, { from, to });
      if (renamed !== undefined && renamed.kind !== 'ok' && renamed.kind !== 'gone' && renamed.kind !== 'rejected')
        return renamed;
      await store.conversations.linkContact(message.key, contact, false);
    }
    return { kind: 'ok', value: contact };
  }

  /** An agent's reply stands in the inbox already; what is missing there is that it was delivered. */
  async function reportDelivered(scene: Scene, reply: ReplyRef | null): Promise<JobEnd> {
    const { message, workspace, request } = scene;
    if (reply !== null) {
      const reported = await workspace.inbox.reportDelivery(reply, { kind: 'delivered' }, request.channel);
      if (reported.kind !== 'ok') return endOf(scene, reported);
      const seen = await markSeen(scene, reply);
      const isOpen = seen.kind === 'deferred' || seen.kind === 'uncertain';
      if (isOpen && scene.lane.failures < arrangeTriesMax) return endOf(scene, seen);
    }
    await store.mirror.recordReported(message);
    return { kind: 'done' };
  }

  /** The customer has it in Telegram: the inbox need not e-mail it. */
  async function markSeen({ workspace }: Scene, { conversationId }: ReplyRef): Promise<InboxOutcome<unknown>> {
    const { arrangements } = workspace.inbox;
    const isWanted = workspace.record.conversationRules.mark_seen === 'on';
    if (!isWanted || arrangements === undefined) return { kind: 'ok', value: null };
    return arrangements.arrange(conversationId, { tag: null, assignee: null, isSeen: true });
  }

  /** Before the entry is written, so that it is tried again with it. */
  async function offerPhone(scene: Scene, contact: ContactLink): Promise<InboxOutcome<true>> {
    const { content } = scene.message;
    const isOwn = isInbound(content) && content.content.kind === 'contact' && content.content.own;
    const { contacts } = scene.workspace.inbox;
    if (!isOwn || contacts === undefined) return { kind: 'ok', value: true };
    return contacts.offerPhone(contact, content.content.phone);
  }

  async function endOf(scene: Scene, outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): Promise<JobEnd> {
    switch (outcome.kind) {
      case 'rejected':
      case 'gone':
        return { kind: 'dead', detail: outcome.detail };
      case 'broken':
        await health.markWorkspaceBroken(scene.message.key.workspaceId, outcome.detail);
        return { kind: 'later', wishMs: 60_000, detail: outcome.detail };
      case 'deferred':
      case 'uncertain':
        return putOff(outcome);
    }
  }
}

const isInbound = (content: MirrorMessage['content']): content is InboundEvent => 'author' in content;

import type { AppendedEntry, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { StoredConversation } from '../../store/conversations.ts';
import type { Store, StoreSlice } from '../../store/store.ts';
import { type AppendOnceDeps, appendOnce } from './append-once.ts';
import { applyArrangement, findArrangement, type RulesDeps } from './apply-conversation-rules.ts';
import { type EnsureContactStore, ensureContact, offerSharedPhone } from './ensure-contact.ts';
import type { MirrorTarget } from './mirror-target.ts';

export interface WriteEntryDeps extends RulesDeps, AppendOnceDeps {
  readonly store: RulesDeps['store'] &
    AppendOnceDeps['store'] &
    EnsureContactStore &
    StoreSlice<{ readonly conversations: 'read' | 'linkContact' | 'unlink' }>;
}

/** Records an appended entry: `recordMirrored` for the last entry of a message, `recordPartMirrored` before it. */
export type RecordEntry = Store['mirror']['recordMirrored'];

/** How often a contact or conversation that vanished is replaced within one try. */
const replacementsMax = 2;

/**
 * Appends one entry to the chat's conversation and records it. An arrangement that an earlier entry left open is applied
 * first.
 */
export async function writeEntry(
  deps: WriteEntryDeps,
  target: MirrorTarget,
  entry: InboxEntry,
  record: RecordEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const { store } = deps;
  const { lane, message, workspace } = target;
  for (let replacements = 0; ; replacements += 1) {
    const conversation = await store.conversations.read(message.key);
    if (conversation.arrangement !== null) {
      const arranged = await applyArrangement(deps, message.key, workspace.inbox, lane.failures);
      if (arranged.kind !== 'ok') return arranged;
    }
    const contact = await ensureContact(store, target, conversation);
    if (contact.kind !== 'ok') return contact;
    const offered = await offerSharedPhone(target, contact.value);
    if (offered.kind !== 'ok' && offered.kind !== 'gone' && offered.kind !== 'rejected') return offered;
    const link = { ...conversation, contact: contact.value };
    const appended = await appendOnce(deps, target, link, entry);
    if (appended.kind === 'ok') return recordEntry(deps, target, entry, conversation, appended.value, record);
    if (appended.kind !== 'gone' || replacements === replacementsMax) return appended;
    // The conversation of a contact that was merged into another one belongs to that one now.
    if (appended.successor)
      await store.conversations.linkContact(message.key, appended.successor, conversation.isContactNameless);
    else await store.conversations.unlink(message.key, appended.conversationStays ? 'contact-alone' : appended.what);
  }
}

async function recordEntry(
  deps: WriteEntryDeps,
  { lane, message, workspace }: MirrorTarget,
  entry: InboxEntry,
  before: StoredConversation,
  appended: AppendedEntry,
  record: RecordEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const arrangement = await findArrangement(deps, message, workspace.record.conversationRules, before, appended);
  await record(message, entry.key, appended, arrangement);
  if (arrangement === null) return { kind: 'ok', value: appended };
  const arranged = await applyArrangement(deps, message.key, workspace.inbox, lane.failures);
  return arranged.kind === 'ok' ? { kind: 'ok', value: appended } : arranged;
}

import { labelOfSuggestion, suggestionsLookback } from '../core/message/match-button.ts';
import type { OpenChannel } from '../engine/directory/directory.ts';
import type { ChannelKind, UpdateIdentity } from '../ports/channel-kind.ts';
import type { EngineLog } from '../ports/log.ts';
import { inboxLaneKey } from '../store/results.ts';
import type { StoreSlice } from '../store/store.ts';
import type { UpdateRow } from '../store/updates.ts';

export type TakeInStore = StoreSlice<{ readonly updates: 'store'; readonly messageHistory: 'listRecentOutbound' }>;

export interface TakeInDeps {
  readonly store: TakeInStore;
  readonly kind: ChannelKind;
  readonly log: EngineLog;
  /** The inbox has work. */
  readonly onStored: (open: OpenChannel) => void;
}

/**
 * Takes verified updates in, from a webhook or a poll: durable first, in the provider's order; then what must be
 * answered at once (a tap's spinner, an inline query) is answered, without anybody waiting for it.
 */
export function createTakeIn(deps: TakeInDeps): (open: OpenChannel, updates: readonly Buffer[]) => Promise<void> {
  const { store, kind, log, onStored } = deps;

  async function takeInOne(open: OpenChannel, raw: Buffer): Promise<void> {
    const identity = kind.identify(raw);
    const fresh = await store.updates.store(toRow(kind, open, identity, raw));
    if (!fresh) return;
    onStored(open);
    if ('malformed' in identity || !identity.isAwaited) return;
    answerAtOnce(open, raw).catch((cause: unknown) =>
      log.warn('update.unanswered', { err: cause, channelId: open.record.id }),
    );
  }

  async function answerAtOnce({ record, channel }: OpenChannel, raw: Buffer): Promise<void> {
    const decoded = kind.decode(raw, record.bot);
    if ((decoded.kind === 'event' || decoded.kind === 'ignored') && typeof decoded.tapId === 'string') {
      await answerTap({ record, channel }, decoded.tapId, raw);
    }
    if (decoded.kind === 'inline-query' && decoded.privateChat) {
      const contents = await store.messageHistory.listRecentOutbound(record.id, decoded.userId, suggestionsLookback);
      const label = labelOfSuggestion(contents, decoded.query);
      const answered = await channel.answerInlineQuery(decoded.queryId, decoded.query, label);
      if (answered.kind !== 'ok')
        log.warn('inline_query.unanswered', { channelId: record.id, detail: answered.detail });
    }
  }

  async function answerTap({ record, channel }: OpenChannel, tapId: string, raw: Buffer): Promise<void> {
    const { toast, after } = record.options.tap;
    const answered = await channel.answerTap(tapId, toast);
    if (answered.kind !== 'ok') log.warn('tap.unanswered', { channelId: record.id, detail: answered.detail });
    const edit = after === 'keep' ? null : kind.buttonsAfterTap(raw, after);
    if (edit === null) return;
    const edited = await channel.editButtons(edit);
    if (edited.kind !== 'ok') log.warn('buttons.unchanged', { channelId: record.id, detail: edited.detail });
  }

  return async (open, updates) => {
    for (const raw of updates) await takeInOne(open, raw);
  };
}

function toRow(kind: ChannelKind, { record }: OpenChannel, identity: UpdateIdentity, raw: Buffer): UpdateRow {
  const base = {
    workspaceId: record.workspaceId,
    channelId: record.id,
    source: kind.kind,
    ownerId: record.id,
    body: raw,
    jobKind: 'update',
  } as const;
  if ('malformed' in identity) {
    return { ...base, externalId: `malformed:${identity.fingerprint}`, laneKey: null, ignored: identity.malformed };
  }
  const laneKey = identity.chatId === null ? null : inboxLaneKey(record.id, identity.chatId);
  return {
    ...base,
    externalId: `update:${identity.updateId}`,
    laneKey,
    ignored: laneKey === null ? identity.kindOfUpdate : null,
  };
}

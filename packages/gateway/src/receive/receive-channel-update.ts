import type { DecodedUpdate } from '../core/message/inbound.ts';
import { labelOfSuggestion, suggestionsLookback } from '../core/message/match-button.ts';
import type { OpenChannel } from '../engine/directory/directory.ts';
import type { ChannelKind, UpdateIdentity } from '../ports/channel-kind.ts';
import type { EngineLog } from '../ports/log.ts';
import { inboxLaneKey } from '../store/lane-keys.ts';
import type { StoreSlice } from '../store/store.ts';
import type { UpdateRow } from '../store/updates.ts';

export type ReceiveUpdatesStore = StoreSlice<{
  readonly updates: 'store';
  readonly messageHistory: 'listRecentOutbound';
}>;

export interface ReceiveUpdatesDeps {
  readonly store: ReceiveUpdatesStore;
  readonly kind: ChannelKind;
  readonly log: EngineLog;
  /** Called when the inbox has work. */
  readonly onStored: (open: OpenChannel) => void;
}

/**
 * Receives verified updates from a webhook or a poll, and stores them in the provider's order. They are durable when it resolves.
 * Updates for which the customer's app waits (a tapped button, an inline query) are then answered; the caller does not wait for that.
 */
export async function receiveUpdates(
  deps: ReceiveUpdatesDeps,
  open: OpenChannel,
  updates: readonly Buffer[],
): Promise<void> {
  for (const raw of updates) await receiveUpdate(deps, open, raw);
}

async function receiveUpdate(deps: ReceiveUpdatesDeps, open: OpenChannel, raw: Buffer): Promise<void> {
  const identity = deps.kind.identify(raw);
  const isNew = await deps.store.updates.store(toRow(deps.kind, open, identity, raw));
  if (!isNew) return;
  deps.onStored(open);
  if ('malformed' in identity || !identity.isAwaited) return;
  answerAtOnce(deps, open, raw).catch((cause: unknown) =>
    deps.log.warn('update.unanswered', { err: cause, channelId: open.record.id }),
  );
}

async function answerAtOnce(deps: ReceiveUpdatesDeps, open: OpenChannel, raw: Buffer): Promise<void> {
  const decoded = deps.kind.decode(raw, open.record.bot);
  if ((decoded.kind === 'event' || decoded.kind === 'ignored') && typeof decoded.tapId === 'string') {
    await answerTap(deps, open, decoded.tapId, raw);
  }
  if (decoded.kind === 'inline-query' && decoded.privateChat) await answerInlineQuery(deps, open, decoded);
}

/** Stops the spinner on a tapped button, and changes the buttons as the channel's options say. */
async function answerTap(
  { kind, log }: ReceiveUpdatesDeps,
  { record, channel }: OpenChannel,
  tapId: string,
  raw: Buffer,
): Promise<void> {
  const { toast, after } = record.options.tap;
  const answered = await channel.answerTap(tapId, toast);
  if (answered.kind !== 'ok') log.warn('tap.unanswered', { channelId: record.id, detail: answered.detail });
  const edit = after === 'keep' ? null : kind.buttonsAfterTap(raw, after);
  if (edit === null) return;
  const edited = await channel.editButtons(edit);
  if (edited.kind !== 'ok') log.warn('buttons.unchanged', { channelId: record.id, detail: edited.detail });
}

async function answerInlineQuery(
  { store, log }: ReceiveUpdatesDeps,
  { record, channel }: OpenChannel,
  { userId, queryId, query }: Extract<DecodedUpdate, { readonly kind: 'inline-query' }>,
): Promise<void> {
  const contents = await store.messageHistory.listRecentOutbound(record.id, userId, suggestionsLookback);
  const label = labelOfSuggestion(contents, query);
  const answered = await channel.answerInlineQuery(queryId, query, label);
  if (answered.kind !== 'ok') log.warn('inline_query.unanswered', { channelId: record.id, detail: answered.detail });
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

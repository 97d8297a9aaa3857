import { type TapPolicy, tapPolicy } from '../core/inbox/judge-tap.ts';
import type { DecodedUpdate, InboundEvent } from '../core/message/inbound.ts';
import { labelOfSuggestion, suggestionsLookback } from '../core/message/match-button.ts';
import type { OpenChannel } from '../engine/directory/directory.ts';
import { judgeTap, type TapStore, type TapVerdict } from '../engine/updates/judge-tap.ts';
import type { ChannelKind, UpdateIdentity } from '../ports/channel-kind.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { inboxLaneKey } from '../store/lane-keys.ts';
import type { StoreSlice } from '../store/store.ts';
import type { UpdateRow } from '../store/updates.ts';

export type ReceiveUpdatesStore = StoreSlice<{
  readonly updates: 'store';
  readonly messageHistory: 'listRecentOutbound';
}> &
  TapStore;

export interface ReceiveUpdatesDeps {
  readonly store: ReceiveUpdatesStore;
  readonly kind: ChannelKind;
  readonly clock: Pick<Clock, 'nowMs'>;
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
  answerAtOnce(deps, open, identity.updateId, raw).catch((cause: unknown) =>
    deps.log.warn('update.unanswered', { err: cause, channelId: open.record.id }),
  );
}

async function answerAtOnce(deps: ReceiveUpdatesDeps, open: OpenChannel, updateId: string, raw: Buffer): Promise<void> {
  const decoded = deps.kind.decode(raw, open.record.bot);
  if (decoded.kind === 'ignored' && decoded.tapId !== undefined)
    await showNotice(deps, open, decoded.tapId, open.record.options.tap.toast, null);
  if (decoded.kind === 'event' && decoded.tapId !== null) {
    const { tapId, event } = decoded;
    await answerTap(deps, open, { tapId, event, updateId, raw });
  }
  if (decoded.kind === 'inline-query' && decoded.privateChat) await answerInlineQuery(deps, open, decoded);
}

interface ReceivedTap {
  readonly tapId: string;
  readonly event: InboundEvent;
  readonly updateId: string;
  readonly raw: Buffer;
}

/**
 * Stops the spinner on a tapped button, and changes the buttons, as the message or the channel's options say. A tap that
 * comes too late is answered without words: what the message says is about the tap that counted.
 */
async function answerTap(
  deps: ReceiveUpdatesDeps,
  open: OpenChannel,
  { tapId, event, updateId, raw }: ReceivedTap,
): Promise<void> {
  const { store, kind, clock, log } = deps;
  const { record, channel } = open;
  const { tap } = record.options;
  const received = { channelId: record.id, tap, event, updateId, receivedAtMs: clock.nowMs() };
  const { verdict, policy } = await judgeTap(store, received).catch((err: unknown) => {
    // The app must not wait for the database. The update is judged again when it is applied.
    log.warn('tap.unjudged', { err, channelId: record.id });
    return { verdict: 'counts', policy: tapPolicy(tap, null, null) } as const;
  });
  if (verdict === 'counts') await showNotice(deps, open, tapId, policy.toast, policy.alert);
  else await showNotice(deps, open, tapId, null, null);
  const change = changeAfter(verdict, policy);
  const edit = change === 'keep' ? null : kind.buttonsAfterTap(raw, change);
  if (edit === null) return;
  const edited = await channel.editButtons(edit);
  if (edited.kind !== 'ok') log.warn('buttons.unchanged', { channelId: record.id, detail: edited.detail });
}

/** The mark stays on the button that counted. Buttons that should be gone are removed again. */
const changeAfter = (verdict: TapVerdict, { after }: TapPolicy): TapPolicy['after'] =>
  verdict === 'counts' || (verdict === 'repeated' && after === 'remove') ? after : 'keep';

async function showNotice(
  { log }: ReceiveUpdatesDeps,
  { record, channel }: OpenChannel,
  tapId: string,
  toast: string | null,
  alert: string | null,
): Promise<void> {
  const text = alert ?? toast;
  const answered = await channel.answerTap(tapId, text === null ? null : { text, isAlert: alert !== null });
  if (answered.kind !== 'ok') log.warn('tap.unanswered', { channelId: record.id, detail: answered.detail });
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

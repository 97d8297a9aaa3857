import { createHash } from 'node:crypto';
import { canonicalJson, type EditMessage, type Input, type Message } from '@chatferry/contract';
import { tapPolicy, tappedControl } from '../../core/inbox/judge-tap.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { OutboundContent, SentFile } from '../../core/message/content.ts';
import type { EncodedEdit, OutgoingEdit } from '../../core/message/outgoing.ts';
import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { Changed, ChangeRequest, PlannedChange } from '../../engine/send/change-message.ts';
import { fetchStored } from '../../engine/send/fetch-stored.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HeldMessage } from '../../store/edits.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { assertCanSend } from '../send-telegram-interactive/choose-channel.ts';
import { assertChanged } from './change-answer.ts';
import { assertFits, wordsOf } from './check-edit.ts';
import type { LinkTo } from './file-links.ts';
import { type GatherDeps, gatherFiles } from './gather-files.ts';
import { noSuchMessage } from './show-message.ts';
import { mayChange, showToSender } from './show-to-sender.ts';

export interface ChangeMessageDeps extends Omit<GatherDeps, 'store'> {
  readonly linkTo: LinkTo;
  /** Bounds the files in memory. */
  readonly fileBudget: FileBudget;
  readonly store: GatherDeps['store'] &
    StoreSlice<{
      readonly messages: 'read';
      readonly edits: 'record' | 'recordDeletion' | 'cancel';
    }>;
  readonly directory: Pick<Directory, 'channel'>;
  readonly kind: ChannelKind;
  readonly clock: Clock;
  /** How long a caller waits for the chat's turn. */
  readonly callerWaitMs: number;
  readonly change: (request: ChangeRequest) => Promise<Changed>;
  /** Called when the inbox has work. */
  readonly onChanged: () => void;
}

/** Replaces words or buttons of a message that was sent. Safe to repeat. */
export async function editMessage(
  deps: ChangeMessageDeps,
  context: RequestContext,
  { params: { message_id: messageId }, body }: Input<'editMessage'>,
): Promise<Message> {
  const { store, kind, clock } = deps;
  const { record, open } = await findMessage(deps, context, messageId);
  assertCanSend(open.record, kind);
  if (!('author' in record.content)) assertFits(body, record.content);
  const { workspaceId, id: channelId } = open.record;
  const [file] = await gatherFiles(deps, { workspaceId, channelId }, body);
  const plan = (held: HeldMessage): PlannedChange => {
    const { channelMessageId, wire } = assertEditable(held, record);
    assertFits(body, held.content);
    const words = wordsOf(body, held.content);
    const areButtonsGone = wereButtonsRemoved(record, open, held.content);
    const replacement = file === undefined ? null : { file, position: body.media_position ?? 0 };
    const edit = { body, words, channelMessageId, wire, areButtonsGone, replacement };
    const encoded = kind.encodeEdit(outgoingEdit(held, edit));
    const content = withEdit(held.content, encoded, body, new Date(clock.nowMs()).toISOString());
    return {
      wires: encoded.changes,
      record: async () => {
        if (content !== null) await store.edits.record(held, { content, wire: encoded.wire });
      },
    };
  };
  if (file?.source.kind !== 'stored') return changeAndShow(deps, context, record, open, { what: 'edit', plan });
  const release = await deps.fileBudget.take(channelId, file.sizeBytes ?? 0);
  try {
    const fetchAttachment = fetchStored(store, workspaceId);
    return await changeAndShow(deps, context, record, open, { what: 'edit', plan, fetchAttachment });
  } finally {
    release();
  }
}

/** Deletes a message in the chat, or cancels one that is scheduled. Safe to repeat. */
export async function deleteMessage(
  deps: ChangeMessageDeps,
  context: RequestContext,
  { params: { message_id: messageId } }: Input<'deleteMessage'>,
): Promise<Message> {
  const { store, kind } = deps;
  const { record, open } = await findMessage(deps, context, messageId);
  const plan = (held: HeldMessage): PlannedChange => {
    if (held.isDeleted || held.state === 'cancelled') return { wires: [], record: async () => undefined };
    if (held.state === 'scheduled') return { wires: [], record: () => store.edits.cancel(held) };
    assertCanSend(open.record, kind);
    assertSent(held, 'deleted');
    const wires = kind.encodeDeletion(held.chatId, held.channelMessageIds);
    return { wires, record: () => store.edits.recordDeletion(held) };
  };
  return changeAndShow(deps, context, record, open, { what: 'deletion', plan });
}

async function findMessage(
  { store, directory }: ChangeMessageDeps,
  context: RequestContext,
  messageId: number,
): Promise<{ readonly record: MessageRecord; readonly open: OpenChannel }> {
  const record = await store.messages.read(requireKey(context), messageId);
  if (!record || !mayChange(context, record)) throw noSuchMessage();
  if (record.direction === 'inbound')
    throw invalidValue(
      '#/params/message_id',
      `message_id must be that of a message that was sent from here; message ${messageId} came from the customer.`,
    );
  const open = await directory.channel(record.channelId);
  if (!open) throw new ApiError('FEATURE_DISABLED');
  return { record, open };
}

async function changeAndShow(
  { store, linkTo, clock, callerWaitMs, change, onChanged }: ChangeMessageDeps,
  context: RequestContext,
  { messageId, channelId, chatId }: MessageRecord,
  { channel }: OpenChannel,
  { what, ...planned }: { readonly what: 'edit' | 'deletion' } & Pick<ChangeRequest, 'plan' | 'fetchAttachment'>,
): Promise<Message> {
  const deadlineMs = clock.monotonicMs() + callerWaitMs;
  assertChanged(await change({ channel, channelId, chatId, messageId, deadlineMs, ...planned }), what);
  onChanged();
  const record = await store.messages.read(requireKey(context), messageId);
  if (!record) throw noSuchMessage();
  return showToSender(context, record, linkTo);
}

function assertSent({ messageId, state, channelMessageId }: HeldMessage, what: 'edited' | 'deleted'): string {
  if (state === 'sent' && channelMessageId !== null) return channelMessageId;
  throw invalidValue(
    '#/params/message_id',
    `message_id must be that of a message that was sent; message ${messageId} is ${state} and cannot be ${what}.`,
  );
}

function assertEditable(held: HeldMessage, { messageId }: MessageRecord) {
  const channelMessageId = assertSent(held, 'edited');
  if (held.isDeleted || held.wire === null)
    throw invalidValue(
      '#/params/message_id',
      `message_id must be that of a message that is in the chat; message ${messageId} was deleted.`,
    );
  return { channelMessageId, wire: held.wire };
}

/** A tap may have removed the buttons. An edit of the words must not bring them back. */
const wereButtonsRemoved = ({ taps }: MessageRecord, { record }: OpenChannel, content: OutboundContent): boolean =>
  taps.some((tap) => {
    const control = tappedControl(content, tap.content.data);
    return control !== null && tapPolicy(record.options.tap, content, control).after === 'remove';
  });

interface EditParts
  extends Pick<OutgoingEdit, 'words' | 'channelMessageId' | 'wire' | 'areButtonsGone' | 'replacement'> {
  readonly body: EditMessage;
}

const outgoingEdit = (
  { chatId, content, messageId, channelMessageIds }: HeldMessage,
  { body, ...parts }: EditParts,
): OutgoingEdit => ({
  chatId,
  content,
  channelMessageIds,
  ...parts,
  buttons: body.buttons,
  onTap: body.on_tap,
  linkPreview: body.link_preview,
  nonce: createHash('sha256')
    .update(JSON.stringify([messageId, body.buttons]))
    .digest('hex')
    .slice(0, 32),
});

/** The content with the edit in its list. Null if nothing changed: the same edit was made before. */
function withEdit(
  before: OutboundContent,
  { content }: EncodedEdit,
  { text, buttons }: EditMessage,
  at: string,
): OutboundContent | null {
  const partsOf = ({ text, spans = [], controls, onTap = {}, files = [] }: OutboundContent) =>
    canonicalJson([text, spans, controls, onTap, files]);
  if (partsOf(before) === partsOf(content)) return null;
  const areFilesNew = canonicalJson(before.files ?? []) !== canonicalJson(content.files ?? []);
  const isShown = text !== undefined || buttons !== undefined || areFilesNew;
  if (!isShown) return content;
  assertEditsLeft(before);
  const edit = {
    at,
    text: text === undefined ? null : content.text,
    ...(buttons === undefined ? {} : { controls: content.controls }),
    ...(areFilesNew ? { files: newFiles(before, content) } : {}),
    before: {
      text: before.text,
      controls: before.controls,
      spans: before.spans ?? [],
      files: before.files ?? [],
      ...(before.file === undefined ? {} : { file: before.file }),
    },
  };
  return { ...content, edits: [...(before.edits ?? []), edit] };
}

/** Every edit is kept with what it replaced, and each reader of the message or of its events reads them all. */
const editsMax = 100;

function assertEditsLeft({ edits = [] }: OutboundContent): void {
  if (edits.length >= editsMax)
    throw invalidValue(
      '#/params/message_id',
      `message_id must be that of a message with less than ${editsMax} edits: this one has no room for more. Send a new message, and delete this one.`,
    );
}

/** The files that were not there before. */
function newFiles({ files: before = [] }: OutboundContent, { files = [] }: OutboundContent): readonly SentFile[] {
  const known = new Set(before.map((file) => canonicalJson(file)));
  return files.filter((file) => !known.has(canonicalJson(file)));
}

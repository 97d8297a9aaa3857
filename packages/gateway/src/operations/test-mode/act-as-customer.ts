import { apiKeyMode, type Input, type TestAction } from '@chatferry/contract';
import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { ReceiveUpdates } from '../../engine/updates/poll-channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { CustomerAction, TestPhones } from '../../ports/test-phones.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { assertCanSend, chooseChannel } from '../send-telegram-interactive/choose-channel.ts';
import { findButton } from './find-button.ts';

export interface CustomerActionDeps {
  readonly store: StoreSlice<{ readonly testMode: 'listMessages' }>;
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly phones: TestPhones;
  /** The updates are durable when this resolves. */
  readonly receiveUpdates: ReceiveUpdates;
}

const needsTestKey =
  'Only a key of test mode may act as a customer: it begins with cf_test_. This one is for real chats. POST /api/v1/test-mode makes a test channel with its key.';

interface Chat {
  readonly open: OpenChannel;
  readonly chatId: string;
}

/** The chat in which the caller may act as the customer. Throws FORBIDDEN for a live key. */
async function openTestChat(deps: CustomerActionDeps, context: RequestContext, chatId: string): Promise<Chat> {
  const key = requireKey(context);
  if (apiKeyMode(key.prefix) !== 'test')
    throw new ApiError('FORBIDDEN', { message: needsTestKey, details: [{ pointer: '', message: needsTestKey }] });
  const open = await chooseChannel(deps.directory, key, undefined);
  assertCanSend(open.record, deps.kind);
  return { open, chatId };
}

/** Does it on the simulated phone. What the bot is told goes the way of every update, and is durable when this resolves. */
async function act(
  { phones, receiveUpdates }: CustomerActionDeps,
  { open, chatId }: Chat,
  action: CustomerAction,
): Promise<TestAction> {
  const { botId } = open.record.bot;
  const deed = await phones.act({ botId, chatId }, action);
  if (deed.kind === 'impossible') throw invalidValue('#/params/chat_id', deed.detail);
  const waiting = phones.updates(botId);
  await receiveUpdates(
    open,
    waiting.map(({ raw }) => raw),
  );
  for (const { updateId } of waiting) phones.confirm(botId, updateId);
  return {
    effect: deed.effect,
    value: deed.value,
    channel_message_id: deed.channelMessageId === null ? null : `tg-${deed.channelMessageId}`,
  };
}

export async function testTap(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params, body }: Input<'testTap'>,
): Promise<TestAction> {
  const chat = await openTestChat(deps, context, params.chat_id);
  const { id, bot } = chat.open.record;
  const messages = await deps.store.testMode.listMessages(id, chat.chatId, body.message_id ?? null);
  const shown = await deps.phones.buttons({ botId: bot.botId, chatId: chat.chatId }, messages);
  return act(deps, chat, { kind: 'tap', at: findButton(shown, messages, body) });
}

export async function testText(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params, body }: Input<'testText'>,
): Promise<TestAction> {
  return act(deps, await openTestChat(deps, context, params.chat_id), { kind: 'text', text: body.text });
}

export async function testStart(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params, body }: Input<'testStart'>,
): Promise<TestAction> {
  return act(deps, await openTestChat(deps, context, params.chat_id), { kind: 'start', payload: body.payload });
}

export async function testBlock(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params }: Input<'testBlock'>,
): Promise<TestAction> {
  return act(deps, await openTestChat(deps, context, params.chat_id), { kind: 'block' });
}

export async function testUnblock(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params }: Input<'testUnblock'>,
): Promise<TestAction> {
  return act(deps, await openTestChat(deps, context, params.chat_id), { kind: 'unblock' });
}

export async function testContact(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params, body }: Input<'testContact'>,
): Promise<TestAction> {
  const chat = await openTestChat(deps, context, params.chat_id);
  return act(deps, chat, { kind: 'contact', phoneNumber: body.phone_number });
}

export async function testLocation(
  deps: CustomerActionDeps,
  context: RequestContext,
  { params, body: { latitude, longitude } }: Input<'testLocation'>,
): Promise<TestAction> {
  return act(deps, await openTestChat(deps, context, params.chat_id), { kind: 'location', latitude, longitude });
}

import type { Handlers } from '@chatferry/contract';
import { eventsDaysOf } from '../config/events-days.ts';
import { createFileBudget } from '../core/memory/file-budget.ts';
import { bindHandlers } from '../operations/bind-handlers.ts';
import { chatHandlers } from '../operations/chats/chat-handlers.ts';
import type { RequestContext } from '../operations/context.ts';
import { eventHandlers } from '../operations/events/event-handlers.ts';
import { uploadFile } from '../operations/files/upload-file.ts';
import type { Idempotency } from '../operations/idempotency.ts';
import { deleteMessage, editMessage } from '../operations/messages/change-message.ts';
import { messageHandlers } from '../operations/messages/message-handlers.ts';
import { resendMessage } from '../operations/messages/resend-message.ts';
import { sendMessage, validateMessage } from '../operations/messages/send-message.ts';
import { sendTelegramInteractive } from '../operations/send-telegram-interactive/send-telegram-interactive.ts';
import { customerActionHandlers } from '../operations/test-mode/test-mode-handlers.ts';
import { validateTelegramInteractive } from '../operations/validate-telegram-interactive.ts';
import type { Deadlines } from '../ports/deadlines.ts';
import type { ApiParts } from './api-parts.ts';

/** The files of messages of callers that are in memory at once, of all channels and of one. */
const sentFileLimits = { totalBytes: 200 * 1024 * 1024, ownerBytes: 100 * 1024 * 1024, ownerMax: 4 };

/** What is called with a send key, and what the administrator decides of messages. */
export function sendHandlers(parts: ApiParts, deadlines: Deadlines, idempotency: Idempotency) {
  const { config, store, epoch, providers, engine, phones, erasures, clock, random, webhooks, linkTo } = parts;
  const shared = {
    directory: engine.directory,
    kind: providers.kind,
    clock,
    deadlines,
    epoch,
    idempotency,
    callerWaitMs: config.callerWaitMs,
    deliver: engine.deliver,
    linkTo,
  };
  const files = { openFile: webhooks.openFile, random, fileBudget: createFileBudget(sentFileLimits) };
  return {
    ...bindHandlers(
      {
        ...shared,
        store,
        ...files,
        erasures,
        readChat: store.chats.read,
        schedule: store.schedules.record,
        messagesDays: config.messagesDays,
        inboxKinds: providers.inboxKinds,
      },
      { sendTelegramInteractive, sendMessage },
    ),
    validateTelegramInteractive,
    ...eventHandlers({ store, linkTo, eventsDays: eventsDaysOf(config), clock }),
    ...bindHandlers({ clock, messagesDays: config.messagesDays }, { validateMessage }),
    ...messageHandlers({ store, linkTo, onResolved: engine.onJob }),
    ...chatHandlers({ store, linkTo, directory: engine.directory }),
    ...customerActionHandlers({ ...shared, store, phones, receiveUpdates: engine.receiveUpdates }),
    ...bindHandlers({ store, clock, random, uploadsMegabytesMax: config.uploadsMegabytesMax }, { uploadFile }),
    ...bindHandlers(
      { ...shared, ...files, store, change: engine.change, onChanged: engine.onJob },
      { editMessage, deleteMessage },
    ),
    ...bindHandlers(
      {
        store: {
          ...store,
          idempotency: engine.claiming.idempotency,
          messages: { ...store.messages, read: engine.claiming.messages.read },
        },
        ...shared,
      },
      { resendMessage },
    ),
  } satisfies Partial<Handlers<RequestContext>>;
}

import { plainText } from '@chatferry/gateway/internal/core/inbox/entry';
import type { ContactRequest, Inbox, InboxOutcome } from '@chatferry/gateway/internal/ports/inbox';
import { hashOf } from './channel-kind.ts';
import type { Owner } from './event-queue.ts';
import { createGatedCall } from './gated-call.ts';
import { type Ambiguous, type Call, callLimitMs } from './inbox-call.ts';
import type { ContactName, InboxServer } from './inbox-server.ts';
import type { World } from './world.ts';

/** A call that is late, limited, or cut before or after it was carried out. */
const createCall =
  (world: World, owner: Owner, server: InboxServer): Call =>
  <T>(name: string, ambiguous: Ambiguous, work: () => InboxOutcome<T>) =>
    new Promise<InboxOutcome<T>>((resolve) => {
      const { kernel, dice } = world;
      const rates = world.profile.inbox;
      const answer = (outcome: InboxOutcome<T>, delayMs = world.latencyMs()): void => {
        kernel.after(delayMs, owner, `inbox says ${outcome.kind}`, () => resolve(outcome));
      };
      const noAnswer = (detail: string, waitedMs?: number): void => {
        const delayMs = waitedMs ?? (dice.chance(0.3) ? dice.between(5_000, callLimitMs) : world.latencyMs());
        answer(
          ambiguous === 'uncertain' ? { kind: 'uncertain', detail } : { kind: 'deferred', retryAfterMs: null, detail },
          delayMs,
        );
      };
      kernel.after(world.latencyMs(), null, name, () => {
        if (server.isDown) return answer({ kind: 'deferred', retryAfterMs: null, detail: 'ECONNREFUSED' });
        if (server.hangs) {
          world.count('inbox hangs');
          if (dice.chance(0.5)) work();
          return noAnswer('no answer in time', callLimitMs);
        }
        if (server.refusesCredential) return answer({ kind: 'broken', detail: '401 Unauthorized' });
        if (world.strikes('inbox limited', rates.limited)) {
          return answer({ kind: 'deferred', retryAfterMs: dice.between(500, 10_000), detail: '429' });
        }
        if (world.strikes('inbox cut before', rates.before)) return noAnswer('no answer, nothing written');
        const outcome = work();
        if (world.strikes('inbox cut after', rates.after)) return noAnswer('no answer, written');
        answer(outcome);
      });
    });

const ok = <T>(value: T): InboxOutcome<T> => ({ kind: 'ok', value });
const nameChat = ({ channel, chat }: ContactRequest): ContactName => `${channel.botId}:${chat.chatId}`;

/** An inbox as one process reaches it. */
export function linkToInbox(world: World, owner: Owner, server: InboxServer, onAnswer?: () => void): Inbox {
  const call =
    world.profile.trouble === null ? createCall(world, owner, server) : createGatedCall(world, owner, server, onAnswer);
  return {
    opensWithFiles: true,
    listTeammates: () => call('list teammates', 'deferred', () => ok([{ senderId: 'admin-1', name: 'Ada' }])),
    describe: () => call('describe', 'deferred', () => ok({ account: 'Acme', accountId: null, defaultSender: null })),
    connectChannel: async () => ok({}),
    ensureContact: (request) =>
      call('ensure contact', 'uncertain', () => ok({ contactId: server.ensureContact(nameChat(request)), data: {} })),
    contacts: {
      rename: () => call('rename contact', 'uncertain', () => ok(true)),
      offerPhone: async () => ok(true),
    },
    arrangements: {
      check: async () => ok([]),
      closedAtMs: () => call('closed at', 'deferred', () => ok(null)),
      arrange: () => call('arrange', 'uncertain', () => ok(null)),
    },
    append: (link, entry) => call('append', 'uncertain', () => server.append(link, entry)),
    find: (link, entry) => call('find', 'deferred', () => server.find(link, entry)),
    textHashOf: (body) => hashOf(plainText(body)),
    fetchAttachment: () => {
      throw new Error('no reply of the simulation has a file');
    },
    addNote: () => {
      throw new Error('no reply of the simulation needs a note');
    },
    reportDelivery: ({ entryId }, report) =>
      call('report', 'uncertain', () => {
        server.report(entryId, report);
        return ok(true);
      }),
    changedConversations: (sinceMs) =>
      call('changed conversations', 'deferred', () =>
        ok({ conversationIds: server.changedSince(sinceMs), nextCursor: null }),
      ),
    complete: ({ entryId }) => call('complete', 'deferred', () => ok(entryId === null ? [] : server.complete(entryId))),
    recentEvents: (conversationId, sinceMs) =>
      call('recent events', 'deferred', () => {
        const events = server.eventsSince(conversationId, sinceMs);
        return events === null ? { kind: 'gone', what: 'conversation', detail: 'not found' } : ok(events);
      }),
  };
}

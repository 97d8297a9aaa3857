import { plainText } from '@chatferry/gateway/internal/core/inbox/entry';
import type { ContactRequest, Inbox, InboxOutcome } from '@chatferry/gateway/internal/ports/inbox';
import { hashOf } from './channel-kind.ts';
import type { Owner } from './event-queue.ts';
import type { InboxServer } from './inbox-server.ts';
import type { World } from './world.ts';

/** An inbox as one process reaches it: late, limited, and cut before or after a call was carried out. */
export function linkToInbox(world: World, owner: Owner, server: InboxServer): Inbox {
  const { kernel, dice, profile } = world;
  const rates = profile.inbox;

  /** `ambiguous` is what the adapter makes of a call without an answer: reads are simply put off. */
  function call<T>(
    name: string,
    ambiguous: 'uncertain' | 'deferred',
    work: () => InboxOutcome<T>,
  ): Promise<InboxOutcome<T>> {
    return new Promise((resolve) => {
      const answer = (outcome: InboxOutcome<T>, delayMs = world.latencyMs()): void => {
        kernel.after(delayMs, owner, `inbox says ${outcome.kind}`, () => resolve(outcome));
      };
      const noAnswer = (detail: string): void => {
        const delayMs = dice.chance(0.3) ? dice.between(5_000, 20_000) : world.latencyMs();
        answer(
          ambiguous === 'uncertain' ? { kind: 'uncertain', detail } : { kind: 'deferred', retryAfterMs: null, detail },
          delayMs,
        );
      };
      kernel.after(world.latencyMs(), null, name, () => {
        if (server.isDown) return answer({ kind: 'deferred', retryAfterMs: null, detail: 'ECONNREFUSED' });
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
  }

  const ok = <T>(value: T): InboxOutcome<T> => ({ kind: 'ok', value });
  const chatOf = ({ channel, chat }: ContactRequest): string => `${channel.botId}:${chat.chatId}`;

  return {
    opensWithFiles: true,
    listTeammates: () => call('list teammates', 'deferred', () => ok([{ senderId: 'admin-1', name: 'Ada' }])),
    describe: () => call('describe', 'deferred', () => ok({ account: 'Acme', accountId: null, defaultSender: null })),
    connectChannel: async () => ok({}),
    ensureContact: (request) =>
      call('ensure contact', 'uncertain', () => ok({ contactId: server.ensureContact(chatOf(request)), data: {} })),
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

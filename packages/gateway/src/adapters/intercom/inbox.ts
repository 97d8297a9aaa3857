import { plainText } from '../../core/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryReport, Inbox, InboxEntry, ReplyRef } from '../../ports/inbox.ts';
import type { Transport } from '../http/transport.ts';
import { ensureAttributes } from './attributes.ts';
import { createClient } from './client.ts';
import { createContacts } from './contacts.ts';
import { createConversations } from './conversations.ts';
import { bodyHash } from './normalise.ts';
import { createOpenings } from './openings.ts';
import { createReplies } from './replies.ts';
import { apiAddress, type IntercomCredential, type IntercomSettings } from './settings.ts';
import { createTeammates } from './teammates.ts';

export interface IntercomOptions {
  readonly settings: IntercomSettings;
  readonly credential: IntercomCredential;
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
}

/**
 * One Intercom workspace. An entry by a teammate is an admin comment, by the customer a contact's reply, and a note an
 * admin's note; a note with no conversation to stand in opens it under the contact, its words in brackets as ours.
 */
export function openIntercom({ settings, credential, transport, clock }: IntercomOptions): Inbox {
  const secrets = [credential.access_token, ...(credential.client_secret ? [credential.client_secret] : [])];
  const client = createClient({
    transport,
    clock,
    baseUrl: apiAddress(settings),
    accessToken: credential.access_token,
    secrets,
  });
  const contacts = createContacts(client, settings.contact_role);
  const teammates = createTeammates(client, clock, settings.default_sender_id ?? null);
  const conversations = createConversations(
    createOpenings(client, contacts),
    createReplies(client, contacts),
    teammates,
  );
  return {
    // Intercom: `POST /conversations` and `POST /messages` take no `attachment_files`.
    opensWithFiles: false,
    listTeammates: () => teammates.list(),
    async describe() {
      const account = await teammates.account();
      if (account.kind !== 'ok') return account;
      const { name, adminId } = account.value;
      return { kind: 'ok', value: { account: name, defaultSender: settings.default_sender_id ?? adminId } };
    },
    async connectChannel() {
      const outcome = await ensureAttributes(client);
      return outcome.kind === 'ok' ? { kind: 'ok', value: {} } : outcome;
    },
    ensureContact: (request) => contacts.ensure(request),
    offerPhone: (contact, phone) => contacts.offerPhone(contact, phone),
    append: (_request, link, entry) => conversations.append(link, entry),
    find: (_request, link, entry) => conversations.find(link, entry),
    textHashOf: (body) => bodyHash(plainText(body)),
    async reportDelivery(_channel, reply, report) {
      if (report.kind === 'delivered') return { kind: 'ok', value: true };
      const link = { contact: { contactId: null, data: {} }, conversationId: reply.conversationId, generation: 0 };
      const noted = await conversations.append(link, noteOf(reply, report, clock.nowMs()));
      return noted.kind === 'ok' ? { kind: 'ok', value: true } : noted;
    },
  };
}

/** Intercom has no status of a reply that the agent sees: an internal note stands beside it. */
function noteOf(reply: ReplyRef, report: Exclude<DeliveryReport, { kind: 'delivered' }>, nowMs: number): InboxEntry {
  const lead =
    report.kind === 'failed' ? 'Not delivered to Telegram' : 'Not confirmed by Telegram; it may have arrived';
  return {
    key: `report:${reply.entryId}`,
    author: { kind: 'note' },
    body: { blocks: [{ kind: 'text', text: `${lead}: ${report.reason}` }], extras: [] },
    happenedAtMs: nowMs,
  };
}

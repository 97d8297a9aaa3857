import { plainText } from '../../core/inbox/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Inbox, InboxOutcome } from '../../ports/inbox.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import type { Transport } from '../http/transport.ts';
import { createArrangements } from './arrangements.ts';
import { attachmentHosts } from './attachment-hosts.ts';
import { ensureAttributes } from './attributes.ts';
import { checkRegion } from './check-region.ts';
import { checkRules } from './check-rules.ts';
import { createClient } from './client.ts';
import { createContacts } from './contacts.ts';
import { createConversations } from './conversations.ts';
import { createDeliveryNotes } from './delivery-notes.ts';
import { findRegion } from './find-region.ts';
import { createHistory } from './history.ts';
import { bodyHash } from './normalise.ts';
import { createOpenings } from './openings.ts';
import { createReplies } from './replies.ts';
import { apiAddress, type IntercomCredential, type IntercomSettings, type Region } from './settings.ts';
import { createTeammates } from './teammates.ts';

type Broken = Extract<InboxOutcome<never>, { kind: 'broken' }>;

export interface IntercomOptions {
  readonly settings: IntercomSettings;
  readonly credential: IntercomCredential;
  readonly transport: Pick<Transport, 'call'>;
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
}

/**
 * One Intercom workspace. An entry by a teammate is an admin comment, by the customer a contact's reply, and a note an
 * admin's note; a note with no conversation to stand in opens it under the contact, its words in brackets as ours.
 */
export function openIntercom({ settings, credential, transport, clock, guardedFetch }: IntercomOptions): Inbox {
  const origins = settings.base_url === undefined ? [] : [new URL(apiAddress(settings)).origin];
  const secrets = [credential.access_token, ...(credential.client_secret ? [credential.client_secret] : [])];
  const client = createClient({
    transport,
    clock,
    baseUrl: apiAddress(settings),
    accessToken: credential.access_token,
    secrets,
  });
  /** Intercom: a token is refused outside its own region, in the same words as a dead one. */
  const inItsRegion = async (refused: Broken): Promise<Broken> => {
    const asking = (region: Region) =>
      createClient({
        transport,
        clock,
        baseUrl: apiAddress({ ...settings, region }),
        accessToken: credential.access_token,
        secrets,
      });
    if (apiAddress({ ...settings, region: 'us' }) === apiAddress({ ...settings, region: 'eu' })) return refused;
    const found = await findRegion(asking, settings.region);
    return found.kind === 'ok'
      ? {
          ...refused,
          detail: `${refused.detail}; Intercom hosts this workspace elsewhere: set region to ${found.value}`,
        }
      : refused;
  };
  const contacts = createContacts(client, settings.contact_role);
  const teammates = createTeammates(client, clock, settings.default_sender_id ?? null);
  const conversations = createConversations(
    createOpenings(client, contacts),
    createReplies(client, contacts),
    teammates,
  );
  const arrangements = createArrangements(client, teammates);
  const deliveryNotes = createDeliveryNotes(conversations, clock);
  const history = createHistory(client);
  return {
    // Intercom: `POST /conversations` and `POST /messages` take no `attachment_files`.
    opensWithFiles: false,
    listTeammates: () => teammates.list(),
    async describe() {
      const account = await teammates.account();
      if (account.kind === 'broken') return inItsRegion(account);
      if (account.kind !== 'ok') return account;
      const { name, adminId, id } = account.value;
      return {
        kind: 'ok',
        value: { account: name, accountId: id, defaultSender: settings.default_sender_id ?? adminId },
      };
    },
    checkSettings: () => checkRegion(teammates, settings),
    checkRules: (rules) => checkRules(client, teammates, rules),
    listInboxes: async () => ({ kind: 'ok', value: [] }),
    async connectChannel() {
      const outcome = await ensureAttributes(client);
      return outcome.kind === 'ok' ? { kind: 'ok', value: {} } : outcome;
    },
    ensureContact: (request) => contacts.ensure(request),
    offerPhone: (contact, phone) => contacts.offerPhone(contact, phone),
    append: (_request, link, entry) => conversations.append(link, entry),
    find: (_request, link, entry) => conversations.find(link, entry),
    closedAtMs: (conversationId) => arrangements.closedAtMs(conversationId),
    arrange: (conversationId, arrangement) => arrangements.arrange(conversationId, arrangement),
    renameContact: (contact, names) => contacts.rename(contact, names),
    textHashOf: (body) => bodyHash(plainText(body)),
    fetchAttachment: (url, limits) => guardedFetch({ url, hosts: attachmentHosts, origins, ...limits }),
    async reportDelivery(_channel, reply, report) {
      return report.kind === 'delivered' ? { kind: 'ok', value: true } : deliveryNotes.write(reply, report);
    },
    changedConversations: (sinceMs, cursor) => history.changed(sinceMs, cursor),
    complete: (_channel, reply) => history.around(reply),
    recentEvents: (_channel, conversationId, sinceMs) => history.parts(conversationId, sinceMs),
  };
}

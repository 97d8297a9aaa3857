import { plainText } from '../../core/inbox/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Grant } from '../../ports/grant.ts';
import type { DeliveryReport, Inbox, InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import type { Transport } from '../http/transport.ts';
import { createArrangements } from './arrangements.ts';
import { createAttachedFiles } from './attached-files.ts';
import { attachmentHosts } from './attachment-hosts.ts';
import { createChannelAccounts } from './channel-accounts.ts';
import { checkSettings } from './check-settings.ts';
import { repeatable } from './classify.ts';
import { createClient } from './client.ts';
import { createContacts } from './contacts.ts';
import { createConversations } from './conversations.ts';
import { createCustomChannel } from './custom-channel.ts';
import { createHistory } from './history.ts';
import { listInboxes } from './portal-inboxes.ts';
import { type HubspotCredential, type HubspotSettings, publicAddress } from './settings.ts';
import { createTeammates } from './teammates.ts';
import { textHash } from './text-hash.ts';

export interface HubspotOptions {
  readonly settings: HubspotSettings;
  readonly credential: HubspotCredential;
  readonly transport: Pick<Transport, 'call'>;
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
  readonly grant: Grant;
  /** Where HubSpot sends an admin who connects the channel in the settings of an inbox; null where nobody can go. */
  readonly setupUrl: string | null;
}

/** One HubSpot portal: a custom channel for the deployment, an account on it for each bot, a thread for each chat. */
export function openHubspot(options: HubspotOptions): Inbox {
  const { settings, guardedFetch, clock } = options;
  const origins = settings.base_url === publicAddress ? [] : [new URL(settings.base_url).origin];
  const client = createClient(options);
  const channelAccounts = createChannelAccounts(
    client,
    settings,
    createCustomChannel(client, settings, options.setupUrl),
  );
  const contacts = createContacts(client, settings);
  const conversations = createConversations(client, contacts, settings);
  const teammates = createTeammates(client, clock, settings);
  const arrangements = createArrangements(client, teammates, settings);
  const history = createHistory(client, settings);
  const onItsAccount = async <T>(
    channel: InboxChannel,
    call: (complete: InboxChannel) => Promise<InboxOutcome<T>>,
  ): Promise<InboxOutcome<T>> => {
    const complete = await channelAccounts.complete(channel);
    return complete.kind === 'ok' ? call(complete.value) : complete;
  };
  return {
    opensWithFiles: true,
    listTeammates: () => teammates.list(),
    async describe() {
      const portal = await client.portal();
      if (portal.kind !== 'ok') return portal;
      const portalId = portal.value;
      const account = portalId === null ? 'HubSpot' : `HubSpot portal ${portalId}`;
      return {
        kind: 'ok',
        value: { account, accountId: portalId, defaultSender: settings.default_sender_id ?? null },
      };
    },
    checkSettings: () => checkSettings(client, settings),
    checkRules: (rules) => arrangements.check(rules),
    listInboxes: () => listInboxes(client, settings),
    connectChannel: (channel, choice) => channelAccounts.connect(channel, choice),
    ensureContact: (request) => contacts.ensure(request),
    offerPhone: (contact, phone) => contacts.offerPhone(contact, phone),
    append: (request, link, entry) =>
      onItsAccount(request.channel, (channel) => conversations.append({ ...request, channel }, link, entry)),
    find: (request, link, entry) =>
      onItsAccount(request.channel, (channel) => conversations.find({ ...request, channel }, link, entry)),
    closedAtMs: (threadId) => arrangements.closedAtMs(threadId),
    arrange: (threadId, arrangement) => arrangements.arrange(threadId, arrangement),
    renameContact: (contact, names) => contacts.rename(contact, names),
    textHashOf: (body) => textHash(plainText(body)),
    fetchAttachment: createAttachedFiles({ client, settings, guardedFetch, hosts: attachmentHosts, origins }),
    async reportDelivery(channel, reply, report) {
      const { channelId } = channel.ref;
      if (channelId === undefined)
        return { kind: 'rejected', detail: 'the bot has no account on a HubSpot channel; connect the channel again' };
      const path = `/conversations/custom-channels/${settings.api_version}/${encodeURIComponent(channelId)}/messages/${encodeURIComponent(reply.entryId)}`;
      const outcome = await client.call('PATCH', path, statusOf(report), { effect: 'writes', about: 'message' });
      return outcome.kind === 'ok' ? { kind: 'ok', value: true } : repeatable(outcome);
    },
    changedConversations: (sinceMs, cursor) => history.changed(sinceMs, cursor),
    complete: (_channel, reply) => history.whole(reply),
    recentEvents: (channel, threadId, sinceMs) =>
      onItsAccount(channel, (complete) => history.messages(complete, threadId, sinceMs)),
  };
}

/** HubSpot: the agent sees FAILED with its reason beside the reply. */
const statusOf = (report: DeliveryReport): object =>
  report.kind === 'delivered'
    ? { statusType: 'SENT' }
    : {
        statusType: 'FAILED',
        errorMessage:
          report.kind === 'failed'
            ? report.reason
            : `not confirmed by Telegram; it may have arrived (${report.reason})`,
      };

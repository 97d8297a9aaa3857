import { plainText } from '../../core/inbox/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Grant } from '../../ports/grant.ts';
import type { DeliveryReport, Inbox, InboxAccount, InboxChannel, InboxOutcome, ReplyRef } from '../../ports/inbox.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import type { Transport } from '../http/transport.ts';
import type { InboxOptions } from '../inbox-adapter.ts';
import { arrange, checkRules, closedAtMs } from './arrangements.ts';
import { createAttachedFiles } from './attached-files.ts';
import { attachmentHosts, attachmentPaths } from './attachment-hosts.ts';
import { createChannelAccounts } from './channel-accounts.ts';
import { checkSettings } from './check-settings.ts';
import { asRepeatable } from './classify.ts';
import { createClient } from './client.ts';
import { addNote } from './comments.ts';
import { ensureContact, offerPhone, renameContact } from './contacts.ts';
import { appendEntry, findEntry } from './conversations.ts';
import { createCustomChannel } from './custom-channel.ts';
import { changedConversations, completeMessage, recentMessages } from './history.ts';
import { channelPath, type Portal } from './portal.ts';
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
  /** Where HubSpot sends an administrator who connects the channel in the settings of an inbox; null while browsers cannot reach the gateway. */
  readonly setupUrl: string | null;
  readonly onAnswer?: InboxOptions['onAnswer'];
}

/** One HubSpot portal: a custom channel for the deployment, an account on it for each bot, a thread for each chat. */
export function openHubspot(options: HubspotOptions): Inbox {
  const { settings, guardedFetch, clock } = options;
  const origins = settings.base_url === publicAddress ? [] : [new URL(settings.base_url).origin];
  const client = createClient(options);
  const portal: Portal = { client, settings };
  const accounts = createChannelAccounts(portal, createCustomChannel(client, settings, options.setupUrl));
  const teammates = createTeammates(client, clock);
  const withAccount = async <T>(
    channel: InboxChannel,
    call: (complete: InboxChannel) => Promise<InboxOutcome<T>>,
  ): Promise<InboxOutcome<T>> => {
    const complete = await accounts.complete(channel);
    return complete.kind === 'ok' ? call(complete.value) : complete;
  };
  return {
    opensWithFiles: true,
    describe: () => describePortal(portal),
    listTeammates: () => teammates.list(),
    connectChannel: (bot) => accounts.connect(bot),
    ensureContact: (request) => ensureContact(portal, request),
    append: (link, entry, request) =>
      withAccount(request.channel, (channel) => appendEntry(portal, { ...request, channel }, link, entry)),
    find: (link, entry) => findEntry(portal, link, entry),
    addNote: (note) => addNote(portal, note),
    textHashOf: (body) => textHash(plainText(body)),
    fetchAttachment: createAttachedFiles({
      client,
      guardedFetch,
      hosts: attachmentHosts,
      paths: attachmentPaths,
      origins,
    }),
    reportDelivery: (reply, report, channel) => reportDelivery(portal, channel, reply, report),
    changedConversations: (sinceMs, cursor) => changedConversations(portal, sinceMs, cursor),
    complete: (reply) => completeMessage(portal, reply),
    recentEvents: (threadId, sinceMs, channel) =>
      withAccount(channel, (complete) => recentMessages(portal, complete, threadId, sinceMs)),
    checkSettings: () => checkSettings(client, settings),
    inboxes: { list: () => listInboxes(client), connectChannel: accounts.connect },
    contacts: {
      offerPhone: (contact, phone) => offerPhone(portal, contact, phone),
      rename: (contact, names) => renameContact(portal, contact, names),
    },
    arrangements: {
      check: (rules) => checkRules(teammates, rules),
      arrange: (threadId, arrangement) => arrange(portal, threadId, arrangement),
      closedAtMs: (threadId) => closedAtMs(portal, threadId),
    },
  };
}

async function describePortal({ client, settings }: Portal): Promise<InboxOutcome<InboxAccount>> {
  const portal = await client.portal();
  if (portal.kind !== 'ok') return portal;
  const accountId = portal.value;
  const account = accountId === null ? 'HubSpot' : `HubSpot portal ${accountId}`;
  return { kind: 'ok', value: { account, accountId, defaultSender: settings.default_sender_id ?? null } };
}

async function reportDelivery(
  portal: Portal,
  { ref: { channelId } }: InboxChannel,
  reply: ReplyRef,
  report: DeliveryReport,
): Promise<InboxOutcome<true>> {
  if (channelId === undefined)
    return { kind: 'rejected', detail: 'the bot has no account on a HubSpot channel; connect the channel again' };
  const path = `${channelPath(channelId)}/messages/${encodeURIComponent(reply.entryId)}`;
  const outcome = await portal.client.call('PATCH', path, statusOf(report), { effect: 'writes', about: 'message' });
  return outcome.kind === 'ok' ? { kind: 'ok', value: true } : asRepeatable(outcome);
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

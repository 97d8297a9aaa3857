import type { Alarm } from './alarm.ts';
import type { ChannelWords } from './channel-words.ts';

/** What Telegram reports about a bot's webhook. */
export interface WebhookStatus {
  readonly url: string;
  readonly pendingUpdates: number;
  readonly lastErrorAtMs: number | null;
  readonly lastError: string | null;
}

/** What the checks of a bot's webhook have found so far. */
export interface WebhookWatch {
  /** Whether updates go to this gateway, or where they go instead. `former`: to an address that it had before. */
  readonly finding: 'ours' | 'former' | 'foreign' | 'removed';
  /** The host of a former or foreign webhook. */
  readonly host: string | null;
  readonly pendingUpdates: number;
  /** How many checks in a row saw more waiting updates than the check before. */
  readonly growths: number;
  readonly lastErrorAtMs: number | null;
  readonly lastError: string | null;
  /** When updates were found to go elsewhere, within the last day. */
  readonly takenAtMs: readonly number[];
}

const dayMs = 86_400_000;
/** The webhook was taken over again after its repair: another system does it on purpose. */
const fightFrom = 2;
/** An older error no longer counts. */
const freshMs = 5 * 60_000;
const growthsMin = 2;
/** Fewer updates than this are normal at any moment. */
const backlogMin = 10;

/** Whether this gateway set the address itself, under another public address: no other system knows the random path of a channel. */
export const isFormerAddress = (url: string, hookPath: string): boolean =>
  hookPath !== '' && url.endsWith(`/${hookPath}`);

/** What to do about a webhook at an address that the gateway had before. */
export const formerRemedy = (channelId: string): string =>
  `This gateway set that address before CHATFERRY_PUBLIC_URL changed. Move the updates to the new one: chatferry channels repair ${channelId}`;

/** The watch after the next check. `ownUrl` is empty if the gateway polls. */
export function watchWebhook(
  before: WebhookWatch | null,
  { url, pendingUpdates, lastErrorAtMs, lastError }: WebhookStatus,
  { ownUrl, hookPath, nowMs }: { readonly ownUrl: string; readonly hookPath: string; readonly nowMs: number },
): WebhookWatch {
  const finding =
    url === ownUrl ? 'ours' : url === '' ? 'removed' : isFormerAddress(url, hookPath) ? 'former' : 'foreign';
  const recent = (before?.takenAtMs ?? []).filter((atMs) => atMs > nowMs - dayMs);
  const isTaken = finding !== 'ours' && finding !== 'former' && before?.finding === 'ours';
  const isGrowing = before !== null && pendingUpdates > before.pendingUpdates;
  return {
    finding,
    host: url === ownUrl || url === '' ? null : hostOf(url),
    pendingUpdates,
    growths: isGrowing ? before.growths + 1 : 0,
    lastErrorAtMs,
    lastError,
    takenAtMs: isTaken ? [...recent, nowMs] : recent,
  };
}

/** Another system takes the updates again and again. Repairing once more would only alternate with it. */
export const isFight = (watch: WebhookWatch | null): boolean => (watch?.takenAtMs.length ?? 0) >= fightFrom;

function remedyOfWatch(watch: WebhookWatch, channelId: string, channel: ChannelWords): string {
  if (watch.finding === 'former') return formerRemedy(channelId);
  return isFight(watch)
    ? `Repairing does not help while the other system runs. End it; or take the bot away from it: revoke the token in ${channel.tokenIssuer} (${channel.revokeCommand}), set the new one (chatferry channels update ${channelId} --bot-token-file FILE).`
    : `Make sure that no other system uses this bot, then: chatferry channels repair ${channelId}.`;
}

/** The alarms that follow for a channel. */
export function alarmsOfWatch(
  {
    channelId,
    workspaceId,
    updates,
  }: { readonly channelId: string; readonly workspaceId: string; readonly updates: 'polling' | 'webhook' | 'direct' },
  watch: WebhookWatch,
  nowMs: number,
  channel: ChannelWords,
): readonly Alarm[] {
  const about = { subject: channelId, workspaceId };
  if (watch.finding !== 'ours') {
    const where = watch.host === null ? 'No webhook is registered' : `The webhook of the bot is at ${watch.host}`;
    return [
      {
        ...about,
        kind: watch.finding === 'removed' ? 'webhook-removed' : 'webhook-foreign',
        detail:
          isFight(watch) && watch.finding !== 'former'
            ? `${where}: another system takes the bot's updates again and again, ${watch.takenAtMs.length} times within a day. What customers do does not arrive here.`
            : `${where}: what customers do does not arrive here.`,
        remedy: remedyOfWatch(watch, channelId, channel),
      },
    ];
  }
  if (updates !== 'webhook') return [];
  const isFailing = watch.lastErrorAtMs !== null && watch.lastErrorAtMs > nowMs - freshMs && watch.pendingUpdates > 0;
  if (isFailing) {
    return [
      {
        ...about,
        kind: 'webhook-failing',
        detail: `${channel.displayName} cannot deliver updates: ${watch.lastError ?? 'no reason given'}. ${watch.pendingUpdates} wait there.`,
        remedy: `Make the public address of the gateway (CHATFERRY_PUBLIC_URL) reachable from the internet, with a certificate that is valid. ${channel.displayName} tries again by itself and keeps messages for ${channel.updatesKeptFor}.`,
      },
    ];
  }
  const hasBacklog = watch.growths >= growthsMin && watch.pendingUpdates >= backlogMin;
  return hasBacklog
    ? [
        {
          ...about,
          kind: 'webhook-backlog',
          detail: `More and more updates wait at ${channel.displayName}: ${watch.pendingUpdates} now.`,
          remedy:
            'The gateway receives them slower than they arrive. Check its load and its database, and run more replicas with the role serve.',
        },
      ]
    : [];
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

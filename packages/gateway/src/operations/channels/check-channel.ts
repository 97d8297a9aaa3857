import type { ChannelCheck } from '@chatferry/contract';
import { remedyOf } from '../../core/health/channel-legs.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ChannelLife } from './activity.ts';

type Leg = Omit<ChannelCheck['legs'][number], 'since'>;

/**
 * Asks every leg of a channel whether it works, and says what to do where it does not. What was marked broken and works again
 * is active from here on.
 */
export async function checkChannel(subject: {
  readonly record: ChannelRecord;
  readonly channel: Channel;
  readonly inbox: Inbox;
  /** Where its webhook should point; null where the gateway has no public address. */
  readonly hookUrl: string | null;
  readonly life: ChannelLife;
  /** Whether the workspace has what the inbox signs its calls with. */
  readonly isSigned: boolean;
  /** The time of the check, as it is shown. */
  readonly now: string;
  /** Each true where it was broken, and is active now. */
  readonly mend: { channel(): Promise<boolean>; workspace(): Promise<boolean> };
}): Promise<ChannelCheck> {
  const [out, inwards, inbox] = await Promise.all([checkSending(subject), checkUpdates(subject), checkInbox(subject)]);
  const legs = [out, inwards, ...inbox, checkReplies(subject)].map((leg) => ({ ...leg, since: sinceOf(leg, subject) }));
  return { ok: legs.every((leg) => leg.ok), legs };
}

/** Since when it is as it was found; from now on where it was seen otherwise before. */
function sinceOf({ name, ok }: Leg, { life, now }: Parameters<typeof checkChannel>[0]): string | null {
  const { since, failingSince } = life.factsOf(name);
  if (ok) return failingSince === null ? since : now;
  return failingSince ?? (since === null ? null : now);
}

/** Whether what agents answer is told to this gateway. It finds replies by looking too, only later. */
function checkReplies({ life, isSigned }: Parameters<typeof checkChannel>[0]): Leg {
  const { last_inbox_event_at: lastEvent, last_entry_at: lastEntry } = life.activity;
  const { inboxUrl, topics } = life.subject;
  const { failingSince, problem } = life.factsOf('inbox_in');
  const leg = (ok: boolean, ...sentences: readonly string[]): Leg => ({
    name: 'inbox_in',
    ok,
    detail: sentences.filter((sentence) => sentence !== '').join(' '),
  });
  if (inboxUrl === null) {
    return leg(
      true,
      'The inbox cannot tell this gateway of replies, which are found later, by looking: set CHATFERRY_PUBLIC_URL.',
    );
  }
  const secret = isSigned ? '' : 'Set the client secret on the workspace: without it no event is accepted.';
  const how = remedyOf('inbox_in', life.subject);
  if (failingSince !== null) {
    const last =
      lastEvent === null ? 'No event of the inbox ever came.' : `No event of the inbox has come since ${lastEvent}.`;
    return leg(false, last, problem === null ? '' : `${problem}.`, secret, how);
  }
  if (lastEvent !== null) return leg(true, `Events of the inbox come in, the last one at ${lastEvent}.`);
  if (topics.length === 0)
    return leg(true, `No event of the inbox has come yet; answers of agents come to ${inboxUrl}.`);
  return lastEntry === null
    ? leg(true, 'Nothing was written into the inbox yet, and no event of it has come.', secret, how)
    : leg(false, 'Entries were written into the inbox, and no event of it ever came.', secret, how);
}

async function checkSending({ record, channel, life, mend }: Parameters<typeof checkChannel>[0]): Promise<Leg> {
  const { displayName, tokenIssuer } = life.subject.channelWords;
  const bot = await channel.describe();
  const leg = (ok: boolean, ...sentences: readonly string[]): Leg => ({
    name: 'telegram_out',
    ok,
    detail: sentences.filter((sentence) => sentence !== '').join(' '),
  });
  if (bot.kind === 'ok') {
    const mended = (await mend.channel()) ? 'The channel was broken and is active again.' : '';
    return leg(true, `The bot is @${bot.value.username}.`, mended);
  }
  const update = `chatferry channels update ${record.id}`;
  const isBroken = record.state === 'broken';
  if (bot.kind === 'refused' && bot.broken) {
    return leg(
      false,
      `${displayName} refuses the bot token (${bot.detail}).`,
      isBroken ? 'The channel is broken: until it has a token that works, sends answer 403.' : '',
      `Set a new one from ${tokenIssuer} (${update} --bot-token-file FILE)${isBroken ? `; where the old one works again, check once more or set the state (${update} --state active)` : ''}.`,
    );
  }
  return leg(
    false,
    `${displayName} does not answer as it should: ${bot.detail}. Try again.`,
    isBroken ? `The channel is broken, and sends answer 403 until a check succeeds (or ${update} --state active).` : '',
  );
}

async function checkUpdates({ record, channel, life, hookUrl }: Parameters<typeof checkChannel>[0]): Promise<Leg> {
  const { displayName } = life.subject.channelWords;
  const status = await channel.webhookStatus();
  if (status.kind !== 'ok')
    return { name: 'telegram_in', ok: false, detail: `${displayName} does not tell: ${status.detail}.` };
  const { url, pendingUpdates, lastError } = status.value;
  const wanted = record.updates === 'webhook' ? (hookUrl ?? '') : '';
  if (url !== wanted) {
    const where = url === '' ? 'no webhook is registered' : `updates go to ${new URL(url).host}`;
    return {
      name: 'telegram_in',
      ok: false,
      detail: `This gateway does not receive the bot's updates: ${where}. Make sure that no other system uses this bot, then take them back: chatferry channels repair ${record.id}.`,
    };
  }
  const backlog = pendingUpdates === 0 ? '' : ` ${pendingUpdates} wait at ${displayName}.`;
  const failed = lastError === null ? '' : ` Last error: ${lastError}.`;
  const polled =
    hookUrl === null
      ? 'Updates are polled.'
      : `Updates are polled, though this gateway has a public address: set updates to webhook, and they come sooner (chatferry channels update ${record.id} --updates webhook).`;
  const how = record.updates === 'webhook' ? 'Updates come by webhook.' : polled;
  return { name: 'telegram_in', ok: lastError === null || pendingUpdates === 0, detail: `${how}${backlog}${failed}` };
}

/** What opens the inbox, and whether entries come in: one question answers both. */
async function checkInbox({ inbox, mend, life }: Parameters<typeof checkChannel>[0]): Promise<readonly Leg[]> {
  const account = await inbox.describe();
  const legs = (isOpen: boolean, grant: string, isReached: boolean, entries: string): readonly Leg[] => [
    { name: 'grant', ok: isOpen, detail: grant },
    { name: 'inbox_out', ok: isReached, detail: entries },
  ];
  if (account.kind === 'ok') {
    const mended = (await mend.workspace()) ? ' The workspace was broken and is active again.' : '';
    return legs(
      true,
      `The inbox takes the credential.${mended}`,
      true,
      `Connected to ${account.value.account}.${mended}`,
    );
  }
  if (account.kind === 'broken') {
    const remedy = remedyOf('grant', life.subject);
    const refused = `The inbox refuses the credential (${account.detail}). ${remedy}.`;
    return legs(false, refused, false, 'Entries wait until the inbox takes a credential again, and follow then.');
  }
  const down = `The inbox does not answer as it should: ${account.detail}. Try again.`;
  return legs(true, 'The inbox could not be asked whether it takes the credential.', false, down);
}

import type { ConversationRules } from '@chatferry/contract';
import type { Inbox, InboxAccount, InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { ApiError, invalidValue } from '../api-error.ts';

/** Asks the inbox with the new credential, so that a wrong one is refused now and not at the first message. */
export async function assertInboxAnswers(
  inboxName: string,
  inbox: Inbox,
  sender: string | null,
): Promise<InboxAccount> {
  const account = unwrapInbox(inboxName, await inbox.describe());
  if (sender === null) return account;
  const teammates = await inbox.listTeammates();
  if (teammates.kind === 'ok' && !teammates.value.some((teammate) => teammate.senderId === sender)) {
    throw invalidValue(
      '/default_sender',
      `default_sender must be the id of a teammate of this workspace; ${sender} is not one.`,
    );
  }
  return account;
}

/** Refuses settings that do not match the account, with every wrong field. */
export async function assertSettingsFit(inboxName: string, inbox: Inbox): Promise<void> {
  if (inbox.checkSettings === undefined) return;
  refuseUnfit('inbox', unwrapInbox(inboxName, await inbox.checkSettings()));
}

/** Refuses rules that the inbox cannot apply, or that name a person, team or tag that it does not have. */
export async function assertRulesFit(inboxName: string, inbox: Inbox, rules: ConversationRules): Promise<void> {
  if (inbox.arrangements === undefined) {
    throw invalidValue('/conversation_rules', `${inboxName} has no conversation rules: leave conversation_rules out.`);
  }
  refuseUnfit('conversation_rules', unwrapInbox(inboxName, await inbox.arrangements.check(rules)));
}

function refuseUnfit(part: 'inbox' | 'conversation_rules', unfitSettings: readonly UnfitSetting[]): void {
  const details = unfitSettings.map(({ field, detail }) => ({
    pointer: `/${part}/${field}`,
    message: `${part}.${field.replaceAll('/', '.')} ${detail}`,
  }));
  const [first] = details;
  if (first !== undefined) throw new ApiError('TYPE_MISMATCH', { message: first.message, details });
}

/** The value of a successful answer. Throws TYPE_MISMATCH or UNAVAILABLE for another one. */
export function unwrapInbox<T>(inboxName: string, outcome: InboxOutcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'broken':
      throw invalidValue('/inbox', `${inboxName} refuses this credential: ${outcome.detail}`);
    case 'rejected':
    case 'gone':
      throw invalidValue('/inbox', `${inboxName} gives no valid answer with this configuration: ${outcome.detail}`);
    case 'deferred':
    case 'uncertain':
      if ('isUnserved' in outcome)
        throw invalidValue('/inbox', `${inboxName} gives no valid answer: ${outcome.detail}`);
      throw new ApiError('UNAVAILABLE', {
        message: `${inboxName} could not be reached to check this credential (${outcome.detail}); nothing was stored. Try again.`,
        retryAfterMs: 5_000,
      });
  }
}

import type { ConversationRules } from '@chatferry/contract';
import type { Inbox, InboxAccount, InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import type { InboxKind } from '../../ports/inbox-kind.ts';
import { ApiError, invalidValue } from '../api-error.ts';

/** What a sentence about an inbox needs to know of its kind. */
type NamedKind = Pick<InboxKind, 'displayName' | 'credentialPage'>;

/** Asks the inbox with the new credential, so that a wrong one is refused now and not at the first message. */
export async function assertInboxAnswers(kind: NamedKind, inbox: Inbox, sender: string | null): Promise<InboxAccount> {
  const account = unwrapInbox(kind, await inbox.describe());
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
export async function assertSettingsFit(kind: NamedKind, inbox: Inbox): Promise<void> {
  if (inbox.checkSettings === undefined) return;
  refuseUnfit('inbox', unwrapInbox(kind, await inbox.checkSettings()));
}

/** Refuses rules that the inbox cannot apply, or that name a person, team or tag that it does not have. */
export async function assertRulesFit(kind: NamedKind, inbox: Inbox, rules: ConversationRules): Promise<void> {
  if (inbox.arrangements === undefined) {
    throw invalidValue(
      '/conversation_rules',
      `${kind.displayName} has no conversation rules: leave conversation_rules out.`,
    );
  }
  refuseUnfit('conversation_rules', unwrapInbox(kind, await inbox.arrangements.check(rules)));
}

function refuseUnfit(part: 'inbox' | 'conversation_rules', unfitSettings: readonly UnfitSetting[]): void {
  const details = unfitSettings.map(({ field, detail }) => ({
    pointer: `/${part}/${field}`,
    message: `${part}.${field.replaceAll('/', '.')} ${detail}`,
  }));
  const [first] = details;
  if (first !== undefined) throw new ApiError('TYPE_MISMATCH', { message: first.message, details });
}

/** The value of a successful answer. Throws INBOX_REFUSED, TYPE_MISMATCH or UNAVAILABLE for another one. */
export function unwrapInbox<T>({ displayName, credentialPage }: NamedKind, outcome: InboxOutcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'broken':
      throw refusedCredential(`${displayName} refuses this credential: ${outcome.detail}. ${credentialPage}`);
    case 'rejected':
    case 'gone':
      throw invalidValue('/inbox', `${displayName} gives no valid answer with this configuration: ${outcome.detail}`);
    case 'deferred':
    case 'uncertain':
      if ('isUnserved' in outcome)
        throw invalidValue('/inbox', `${displayName} gives no valid answer: ${outcome.detail}`);
      throw new ApiError('UNAVAILABLE', {
        message: `${displayName} could not be reached to check this credential (${outcome.detail}); nothing was stored. Try again.`,
        retryAfterMs: 5_000,
      });
  }
}

function refusedCredential(message: string): ApiError {
  return new ApiError('INBOX_REFUSED', { message, details: [{ pointer: '/inbox', message }] });
}

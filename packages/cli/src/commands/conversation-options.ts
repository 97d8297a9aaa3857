import type { ChangeConversationRules, Workspace } from '@chatferry/sdk';
import { type InboxKind, inboxKinds, kindsWithTags } from '../inbox-kinds.ts';
import { choice, text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

type Rules = Workspace['conversation_rules'];

/** The options of `workspaces create` and `workspaces update` for the conversation rules. */
export const conversationOptions = {
  'new-conversation': text(
    'closed:TIME|silent:TIME|off',
    'Start a new conversation when the last one has been closed, or silent, for this time: closed:0, closed:1d, silent:12h.',
  ),
  tag: text('NAME', `${kindsWithTags}: the tag of new conversations. none: no tag. Default: telegram.`),
  'mark-seen': choice(
    ['on', 'off'],
    `${kindsWithTags}: mark messages that Telegram accepted as seen, so that they are not sent by e-mail.`,
  ),
  'assign-new-to': text('team:ID|teammate:ID', 'The assignee of new conversations. none: the inbox decides.'),
  'assign-to-sender': choice(
    ['on', 'off'],
    "Assign a customer's reply to the teammate whom the message of the API named as its sender.",
  ),
} as const;

const minutesIn = { m: 1, h: 60, d: 1440, w: 10_080 } as const;

const readNewConversation = (given: string): ChangeConversationRules['new_conversation'] => {
  if (given === 'off') return null;
  const [, after, count, unit] = /^(closed|silent):(\d+)([mhdw]?)$/.exec(given) ?? [];
  if (after === undefined || (unit === '' && count !== '0'))
    throw new UsageError(`“${given}” is not valid for --new-conversation.`, '--new-conversation closed:1d');
  const each = Object.entries(minutesIn).find(([name]) => name === unit)?.[1] ?? 1;
  return { after: after === 'closed' ? 'closing' : 'silence', minutes: Number(count) * each };
};

const readAssignee = (given: string): ChangeConversationRules['assign_new_to'] => {
  if (given === 'none') return null;
  const [, kind, id] = /^(team|teammate):(.+)$/.exec(given) ?? [];
  if (id === undefined || (kind !== 'team' && kind !== 'teammate'))
    throw new UsageError(`“${given}” is not valid for --assign-new-to.`, '--assign-new-to team:5017691');
  return { kind, id };
};

/** The change that the options describe. Undefined if none of them was given. */
export const readRulesChange = (values: ValuesOf<typeof conversationOptions>): ChangeConversationRules | undefined => {
  const {
    'new-conversation': begins,
    tag,
    'mark-seen': seen,
    'assign-new-to': assignee,
    'assign-to-sender': toSender,
  } = values;
  const change: ChangeConversationRules = {
    ...(begins === undefined ? {} : { new_conversation: readNewConversation(begins) }),
    ...(tag === undefined ? {} : { tag: tag === 'none' ? null : tag }),
    ...(seen === undefined ? {} : { mark_seen: seen }),
    ...(assignee === undefined ? {} : { assign_new_to: readAssignee(assignee) }),
    ...(toSender === undefined ? {} : { assign_to_sender: toSender }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

const describeMinutes = (minutes: number): string => {
  const [unit = 'm', each = 1] =
    Object.entries(minutesIn).findLast(([, length]) => minutes > 0 && minutes % length === 0) ?? [];
  return minutes === 0 ? '0' : `${minutes / each}${unit}`;
};

/** The rules as fields of `workspaces show`, in the form of the options. */
export const describeRules = (rules: Rules, kind: InboxKind) => ({
  'new conversation':
    rules.new_conversation === null
      ? 'off'
      : `${rules.new_conversation.after === 'closing' ? 'closed' : 'silent'}:${describeMinutes(rules.new_conversation.minutes)}`,
  ...(inboxKinds[kind].hasTags ? { tag: rules.tag ?? 'none', 'mark seen': rules.mark_seen } : {}),
  'assign new to': rules.assign_new_to === null ? 'none' : `${rules.assign_new_to.kind}:${rules.assign_new_to.id}`,
  'assign to sender': rules.assign_to_sender,
});

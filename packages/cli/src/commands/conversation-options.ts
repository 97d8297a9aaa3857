import type { ChangeConversationRules, Workspace } from '@chatferry/sdk';
import { choice, text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

type Rules = Workspace['conversation_rules'];

/** How a workspace keeps its conversations, as options of `workspaces create` and `workspaces update`. */
export const conversationOptions = {
  'new-conversation': text(
    'closed:TIME|silent:TIME|off',
    'Begin a new conversation when the last one has been closed, or silent, for so long: closed:0, closed:1d, silent:12h.',
  ),
  tag: text('NAME', 'Intercom: the tag of new conversations; none for none. telegram when never set.'),
  'mark-seen': choice(['on', 'off'], 'Intercom: count as seen what Telegram took, so that it is not e-mailed.'),
  'assign-new-to': text('team:ID|teammate:ID', 'Who gets new conversations; none leaves it to the inbox.'),
  'assign-to-sender': choice(
    ['on', 'off'],
    'Give an answer to the teammate whom the API’s message named as its sender.',
  ),
} as const;

const minutesIn = { m: 1, h: 60, d: 1440, w: 10_080 } as const;

const newConversationOf = (given: string): ChangeConversationRules['new_conversation'] => {
  if (given === 'off') return null;
  const [, after, count, unit] = /^(closed|silent):(\d+)([mhdw]?)$/.exec(given) ?? [];
  if (after === undefined || (unit === '' && count !== '0'))
    throw new UsageError(`--new-conversation does not understand “${given}”.`, '--new-conversation closed:1d');
  const each = Object.entries(minutesIn).find(([name]) => name === unit)?.[1] ?? 1;
  return { after: after === 'closed' ? 'closing' : 'silence', minutes: Number(count) * each };
};

const assigneeOf = (given: string): ChangeConversationRules['assign_new_to'] => {
  if (given === 'none') return null;
  const [, kind, id] = /^(team|teammate):(.+)$/.exec(given) ?? [];
  if (id === undefined || (kind !== 'team' && kind !== 'teammate'))
    throw new UsageError(`--assign-new-to does not understand “${given}”.`, '--assign-new-to team:5017691');
  return { kind, id };
};

/** The change that was asked for; undefined where none of these options was given. */
export const changeOfRules = (values: ValuesOf<typeof conversationOptions>): ChangeConversationRules | undefined => {
  const {
    'new-conversation': begins,
    tag,
    'mark-seen': seen,
    'assign-new-to': assignee,
    'assign-to-sender': toSender,
  } = values;
  const change: ChangeConversationRules = {
    ...(begins === undefined ? {} : { new_conversation: newConversationOf(begins) }),
    ...(tag === undefined ? {} : { tag: tag === 'none' ? null : tag }),
    ...(seen === undefined ? {} : { mark_seen: seen }),
    ...(assignee === undefined ? {} : { assign_new_to: assigneeOf(assignee) }),
    ...(toSender === undefined ? {} : { assign_to_sender: toSender }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

const timeOf = (minutes: number): string => {
  const [unit = 'm', each = 1] =
    Object.entries(minutesIn).findLast(([, length]) => minutes > 0 && minutes % length === 0) ?? [];
  return minutes === 0 ? '0' : `${minutes / each}${unit}`;
};

/** The rules as lines of `workspaces show`, in the form in which they are typed. */
export const describeRules = (rules: Rules, kind: Workspace['inbox']['kind']) => ({
  'new conversation':
    rules.new_conversation === null
      ? 'off'
      : `${rules.new_conversation.after === 'closing' ? 'closed' : 'silent'}:${timeOf(rules.new_conversation.minutes)}`,
  ...(kind === 'intercom' ? { tag: rules.tag ?? 'none', 'mark seen': rules.mark_seen } : {}),
  'assign new to': rules.assign_new_to === null ? 'none' : `${rules.assign_new_to.kind}:${rules.assign_new_to.id}`,
  'assign to sender': rules.assign_to_sender,
});

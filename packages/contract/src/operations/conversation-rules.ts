import { z } from 'zod';
import { type InboxKind, inboxKinds, kindsWith, testInboxKind } from '../inbox-kinds.ts';

const onOff = (description: string) => z.enum(['on', 'off']).meta({ description });

/** A year. The longest that support teams use is two weeks. */
const minutesMax = 525_600;

const NewConversation = z
  .strictObject({
    after: z.enum(['closing', 'silence']).meta({
      description:
        '`closing`: the conversation has been closed for this time. `silence`: neither side has written for this time.',
    }),
    minutes: z.int().min(0).max(minutesMax).meta({ description: '0 with `closing`: as soon as it is closed.' }),
  })
  .refine(({ after, minutes }) => after === 'closing' || minutes > 0, {
    path: ['minutes'],
    message: 'must be at least 1 when `after` is silence.',
  })
  .meta({ id: 'NewConversation' });
export type NewConversation = z.output<typeof NewConversation>;

/** An inbox without teams can assign to a teammate only. */
const Assignee = z
  .strictObject({ kind: z.enum(['team', 'teammate']), id: z.string().min(1).max(255) })
  .meta({ id: 'Assignee' });
export type Assignee = z.output<typeof Assignee>;

const fields = {
  new_conversation: NewConversation.nullable().meta({
    description:
      'When a message of the customer, or a message sent by the API, starts a new conversation. Null: never; the existing conversation continues and is reopened.',
  }),
  tag: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .nullable()
    .meta({
      description: `${kindsWith('tags')}: the tag of new conversations. It is created if it does not exist. Null: no tag.`,
    }),
  mark_seen: onOff(
    `${kindsWith('seen')}: whether a message counts as seen by the customer when Telegram has accepted it, so that ${kindsWith('seen')} does not send it by e-mail.`,
  ),
  assign_new_to: Assignee.nullable().meta({
    description: 'The assignee of new conversations that have none. Null: the inbox decides.',
  }),
  assign_to_sender: onOff(
    "Whether a customer's reply to a message sent by the API is assigned to the teammate whom that message named as its sender. A conversation that already has a teammate is not reassigned.",
  ),
} as const;

/** How a workspace manages its conversations. Answers contain every rule; a rule that was never set has its default. */
export const ConversationRules = z.strictObject(fields).meta({ id: 'ConversationRules' });
export type ConversationRules = z.output<typeof ConversationRules>;

/** A change of the rules. Absent rules do not change; null switches a rule off. */
export const ChangeConversationRules = z.strictObject(fields).partial().meta({ id: 'ChangeConversationRules' });
export type ChangeConversationRules = z.output<typeof ChangeConversationRules>;

/** Test mode has neither tags nor e-mails. */
const noRules = { tag: null, mark_seen: 'off' } as const;

/** The rules of a workspace that has set none. */
export const defaultConversationRules = (kind: InboxKind | typeof testInboxKind): ConversationRules => ({
  new_conversation: null,
  ...(kind === testInboxKind ? noRules : inboxKinds[kind].defaultRules),
  assign_new_to: null,
  assign_to_sender: 'off',
});

/**
 * The rules after a change. Also reads stored rules, perhaps of another version: rules that this version does not know are dropped, rules that the other
 * version did not know have their default.
 */
export function mergeConversationRules(before: ConversationRules, change: object): ConversationRules {
  const known = Object.entries(change).filter(([name, value]) => Object.hasOwn(before, name) && value !== undefined);
  return { ...before, ...Object.fromEntries(known) };
}

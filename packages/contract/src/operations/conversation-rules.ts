import { z } from 'zod';

const onOff = (description: string) => z.enum(['on', 'off']).meta({ description });

/** Two weeks are the longest that support teams use; a year is the end of every sense. */
const minutesMax = 525_600;

const NewConversation = z
  .strictObject({
    after: z.enum(['closing', 'silence']).meta({
      description:
        'closing: the conversation has been closed for so long. silence: nobody, on either side, has said anything for so long.',
    }),
    minutes: z.int().min(0).max(minutesMax).meta({ description: '0 with closing: as soon as it is closed.' }),
  })
  .refine(({ after, minutes }) => after === 'closing' || minutes > 0, {
    path: ['minutes'],
    message: 'must be at least 1 where silence is counted.',
  })
  .meta({ id: 'NewConversation' });
export type NewConversation = z.output<typeof NewConversation>;

/** Intercom has teams and teammates; HubSpot’s interface assigns to users only. */
const Assignee = z
  .strictObject({ kind: z.enum(['team', 'teammate']), id: z.string().min(1).max(255) })
  .meta({ id: 'Assignee' });
export type Assignee = z.output<typeof Assignee>;

const fields = {
  new_conversation: NewConversation.nullable().meta({
    description:
      'When a message of the customer, or one sent by the API, begins a new conversation; null: never, the old one goes on and is opened again.',
  }),
  tag: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .nullable()
    .meta({ description: 'Intercom: the tag that new conversations get; made where there is none. null for none.' }),
  mark_seen: onOff(
    'Intercom: whether the conversation counts as seen by the customer once Telegram has taken the message, so that Intercom does not e-mail it.',
  ),
  assign_new_to: Assignee.nullable().meta({
    description: 'Who gets new conversations that nobody has yet; null leaves it to the inbox.',
  }),
  assign_to_sender: onOff(
    'Whether a customer’s answer to a message sent by the API goes to the teammate whom that message named as its sender, unless a teammate has the conversation already.',
  ),
} as const;

/** How a workspace keeps its conversations. In answers every rule is present; what nobody set has its default. */
export const ConversationRules = z.strictObject(fields).meta({ id: 'ConversationRules' });
export type ConversationRules = z.output<typeof ConversationRules>;

/** A change of the rules: what is absent stays as it is, null switches off. */
export const ChangeConversationRules = z.strictObject(fields).partial().meta({ id: 'ChangeConversationRules' });
export type ChangeConversationRules = z.output<typeof ChangeConversationRules>;

/** What counts where nobody set anything. HubSpot’s threads have no tags, and nothing that could be seen. */
export const defaultConversationRules = (kind: 'intercom' | 'hubspot'): ConversationRules => ({
  new_conversation: null,
  tag: kind === 'intercom' ? 'telegram' : null,
  mark_seen: kind === 'intercom' ? 'on' : 'off',
  assign_new_to: null,
  assign_to_sender: 'off',
});

/** The rules after a change, or as they were stored, perhaps by another version: what it did not know has its default. */
export function mergeConversationRules(before: ConversationRules, change: object): ConversationRules {
  const known = Object.entries(change).filter(([name, value]) => Object.hasOwn(before, name) && value !== undefined);
  return { ...before, ...Object.fromEntries(known) };
}

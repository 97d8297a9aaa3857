import { DemoFailure } from './demo-failure.ts';
import type { InboxConversation, InboxLine } from './inbox-view.ts';

/** What must stand in the inbox: under this name, with all of these words. */
export interface Expected {
  /** Null for a note of the gateway, whoever it stands under. */
  readonly author: string | null;
  readonly side: InboxLine['side'] | null;
  readonly words: readonly string[];
}

/** The one conversation, once it shows all that is expected; a failure where it shows anything else. */
export function checkConversation(
  conversations: readonly InboxConversation[],
  expected: readonly Expected[],
): InboxConversation | undefined {
  const [only, ...others] = conversations;
  if (others.length > 0)
    throw new DemoFailure(`one chat became ${conversations.length} conversations: ${describeInbox(conversations)}`);
  const entries = only?.entries ?? [];
  for (const [index, entry] of entries.entries()) {
    const wanted = expected[index];
    if (!wanted) throw new DemoFailure(`there is an entry too many: ${describeEntry(entry)}`);
    if (!fits(entry, wanted))
      throw new DemoFailure(
        `entry ${index + 1} should be ${describeExpected(wanted)}, and it is ${describeEntry(entry)}`,
      );
  }
  return entries.length === expected.length ? only : undefined;
}

function fits(entry: InboxLine, { author, side, words }: Expected): boolean {
  const text = entry.lines.join('\n');
  const isBy = (author === null || entry.author === author) && (side === null || entry.side === side);
  return isBy && words.every((piece) => text.includes(piece));
}

export const describeExpected = ({ author, words }: Expected): string =>
  `${author ?? 'a note'}: “${words.join(' … ')}”`;

const describeEntry = (entry: InboxLine): string => `${entry.author}: “${entry.lines.join(' / ')}”`;

export function describeInbox(conversations: readonly InboxConversation[]): string {
  const entries = conversations.flatMap((conversation) => conversation.entries);
  const last = entries.at(-1);
  return last === undefined ? 'nothing yet' : `${entries.length} entries, the last by ${describeEntry(last)}`;
}

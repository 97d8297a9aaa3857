import { DemoFailure } from './demo-failure.ts';
import type { InboxConversation, InboxEntry, InboxView } from './inbox-view.ts';

/** An entry that the inbox must show: by this author, with all of these words. */
export interface Expected {
  /** Null for a note of the gateway, whose author does not matter. */
  readonly author: string | null;
  readonly side: InboxEntry['side'] | null;
  readonly words: readonly string[];
}

/** The only conversation, once it shows all that is expected; null before; a failure when it shows anything else. */
export function checkConversation(inbox: InboxView, expected: readonly Expected[]): InboxConversation | null {
  const [only, ...others] = inbox.conversations();
  if (others.length > 0)
    throw new DemoFailure(`one chat became ${others.length + 1} conversations: ${describeInbox(inbox)}`);
  const entries = only?.entries ?? [];
  for (const [index, entry] of entries.entries()) {
    const wanted = expected[index];
    if (!wanted) throw new DemoFailure(`there is an entry too many: ${describeEntry(entry)}`);
    if (!matches(entry, wanted))
      throw new DemoFailure(
        `entry ${index + 1} should be ${describeExpected(wanted)}, and it is ${describeEntry(entry)}`,
      );
  }
  return only !== undefined && entries.length === expected.length ? only : null;
}

function matches(entry: InboxEntry, { author, side, words }: Expected): boolean {
  const text = entry.lines.join('\n');
  const isBy = (author === null || entry.author === author) && (side === null || entry.side === side);
  return isBy && words.every((piece) => text.includes(piece));
}

export const describeExpected = ({ author, words }: Expected): string =>
  `${author ?? 'a note'}: “${words.join(' … ')}”`;

const describeEntry = (entry: InboxEntry): string => `${entry.author}: “${entry.lines.join(' / ')}”`;

export function describeInbox(inbox: InboxView): string {
  const entries = inbox.conversations().flatMap((conversation) => conversation.entries);
  const last = entries.at(-1);
  return last === undefined ? 'nothing yet' : `${entries.length} entries, the last by ${describeEntry(last)}`;
}

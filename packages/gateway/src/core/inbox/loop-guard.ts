/** What is known of our own writes when an event of the inbox is looked at. */
export interface OwnWrites {
  /** An entry with this id stands in our ledger. */
  readonly inLedger: boolean;
  /** A write of ours to this conversation is open: its id is not known yet. */
  readonly openWrites: readonly { readonly textHash: string }[];
}

/**
 * Whether an entry in the inbox is a message of ours that came back, or somebody's reply. Never by author alone, never by
 * time alone: a teammate may type the very text that we are just writing, and both must be told apart.
 */
export type Origin =
  | { readonly kind: 'ours'; readonly why: 'ledger' | 'marked' }
  | { readonly kind: 'theirs' }
  /** A write of ours is open and does not match: its end will tell. */
  | { readonly kind: 'undecided' };

/** How often an undecided entry is looked at again before it counts as theirs: a rare duplicate beats a lost reply. */
export const undecidedLooksMax = 3;

export function originOf(
  entry: { readonly textHash: string; readonly markedOurs: boolean },
  writes: OwnWrites,
  looks: number,
): Origin {
  if (writes.inLedger) return { kind: 'ours', why: 'ledger' };
  if (entry.markedOurs) return { kind: 'ours', why: 'marked' };
  if (writes.openWrites.length === 0) return { kind: 'theirs' };
  // The open write ends within its own limit and then stands in the ledger or is gone; until then nobody can tell.
  return looks < undecidedLooksMax || writes.openWrites.some((write) => write.textHash === entry.textHash)
    ? { kind: 'undecided' }
    : { kind: 'theirs' };
}

/** What is known about the gateway's own writes when an event of the inbox is looked at. */
export interface OwnWrites {
  /** Whether the ledger has an entry with this id. */
  readonly inLedger: boolean;
  /** The gateway's writes to this conversation that have not ended yet. Their ids are not known. */
  readonly openWrites: readonly { readonly textHash: string }[];
}

/**
 * Whether an entry in the inbox is the gateway's own or a reply. It is never decided by the author alone or by the time alone:
 * a teammate may type the same text that the gateway is writing, and the two must be told apart.
 */
export type Origin =
  | { readonly kind: 'ours'; readonly why: 'ledger' | 'marked' }
  | { readonly kind: 'theirs' }
  /** A write of the gateway is open. Its end will decide. */
  | { readonly kind: 'undecided' };

/**
 * After this many looks, an entry whose words differ from all our open writes is the agent's. A rare duplicate is better than a
 * lost reply. An entry with the same words waits until the write ends.
 */
export const undecidedLooksMax = 3;

export function originOf(
  entry: { readonly textHash: string; readonly markedOurs: boolean },
  writes: OwnWrites,
  looks: number,
): Origin {
  if (writes.inLedger) return { kind: 'ours', why: 'ledger' };
  if (entry.markedOurs) return { kind: 'ours', why: 'marked' };
  if (writes.openWrites.length === 0) return { kind: 'theirs' };
  // The open write ends within its time limit. Then it is in the ledger or gone. Until then it is undecided.
  return looks < undecidedLooksMax || writes.openWrites.some((write) => write.textHash === entry.textHash)
    ? { kind: 'undecided' }
    : { kind: 'theirs' };
}

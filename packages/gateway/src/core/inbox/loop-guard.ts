/** What is known about the gateway's own writes when an event of the inbox is looked at. */
export interface OwnWrites {
  /** Whether the ledger has an entry with this id. */
  readonly inLedger: boolean;
  /**
   * The gateway's writes in a teammate's name to this conversation that had begun when the event was received and have
   * not ended yet. Their ids are not known.
   */
  readonly openWrites: readonly OpenWrite[];
}

export interface OpenWrite {
  readonly textHash: string;
  /** The teammate in whose name it is written. Null if that is up to the inbox. */
  readonly senderId: string | null;
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
 * So long after its event was received, in milliseconds, an entry whose words differ from all our open writes is the agent's. A
 * rare duplicate is better than a lost reply. An entry with the same words waits until the write ends.
 */
export const undecidedMaxMs = 8_000;

/** An entry of the inbox, as far as it can be compared with the gateway's writes. */
export interface ComparedEntry {
  readonly author: { readonly id: string };
  readonly textHash: string;
  readonly markedOurs: boolean;
}

/** `ageMs` is the time since its event was received. */
export function originOf(entry: ComparedEntry, writes: OwnWrites, ageMs: number): Origin {
  if (writes.inLedger) return { kind: 'ours', why: 'ledger' };
  if (entry.markedOurs) return { kind: 'ours', why: 'marked' };
  if (writes.openWrites.length === 0) return { kind: 'theirs' };
  // The open write ends within its time limit. Then it is in the ledger or gone. Until then it is undecided.
  const mayBeOurs = writes.openWrites.some(
    (write) => write.textHash === entry.textHash || (ageMs < undecidedMaxMs && mayBeBy(write, entry)),
  );
  return mayBeOurs ? { kind: 'undecided' } : { kind: 'theirs' };
}

/** Inboxes rewrite words now and then, so other words alone do not prove that an entry is not this write. */
const mayBeBy = ({ senderId }: OpenWrite, { author }: ComparedEntry): boolean =>
  senderId === null || senderId === author.id;

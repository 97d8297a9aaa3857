/**
 * A part of a message or of a reply that was not carried over. Its sender or the agent is told: “Not sent to the customer:
 * the image “plan.png”: …”.
 */
export interface Omission {
  /** What was left out, as its author knows it: “the image “plan.png””. It may hold the author's own words. */
  readonly what: string;
  /** Why, as a clause without a full stop: “its address cannot be read outside the inbox”. */
  readonly why: string;
}

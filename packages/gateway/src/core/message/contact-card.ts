/**
 * One of several values of a kind, such as a phone number. `types` are the card's own words in lower case: “work”,
 * “cell”.
 */
export interface CardValue {
  readonly value: string;
  readonly types: readonly string[];
}

export interface CardAddress {
  readonly street: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
  readonly types: readonly string[];
}

/**
 * What the card of a shared contact says beside the name and the number that Telegram gives. A part of an
 * address that the card leaves out is empty.
 */
export interface ContactCard {
  /** The name as it is written on the card. */
  readonly formattedName: string | null;
  readonly middleName: string | null;
  readonly prefix: string | null;
  readonly suffix: string | null;
  readonly company: string | null;
  readonly department: string | null;
  readonly title: string | null;
  readonly phones: readonly CardValue[];
  readonly emails: readonly CardValue[];
  readonly urls: readonly CardValue[];
  readonly addresses: readonly CardAddress[];
  /** Everything else that has words: “birthday”, “note”. */
  readonly others: readonly { readonly name: string; readonly value: string }[];
  /** Whether it holds a picture or a sound, which is not taken over. */
  readonly hasMedia: boolean;
}

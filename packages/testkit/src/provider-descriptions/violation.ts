/** A difference between an exchange and the provider's description. */
export interface Violation {
  readonly provider: 'telegram' | 'intercom' | 'hubspot';
  readonly part: 'request' | 'answer' | 'webhook';
  /** `VERB /path/{name}`, a Bot API method, or a topic. */
  readonly operation: string;
  /** The field, such as `/errors/0/code`; empty for the whole. */
  readonly at: string;
  /** The end of a sentence about the field. */
  readonly rule: string;
  /** The description that says so. */
  readonly source: string;
}

export const violationText = ({ provider, part, operation, at, rule, source }: Violation): string =>
  `${provider}: the ${part} of ${operation}: ${at === '' ? 'the whole' : at} ${rule} (${source})`;

/** The same difference in another exchange has the same key: numbers of list items do not count. */
export const violationKey = (violation: Violation): string =>
  violationText({ ...violation, at: violation.at.replaceAll(/\/\d+(?=\/|$)/g, '/*'), rule: violation.rule });

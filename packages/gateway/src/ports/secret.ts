// Node's inspector looks for this symbol, which is registered so that nothing of Node need be imported.
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** A value that must not be shown: prints as `[secret]` everywhere, and is read by `reveal()` only. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspectCustom](): string {
    return '[secret]';
  }
}

/** `text` with every occurrence of the secrets, plain or URL-encoded, replaced: for words that come from elsewhere. */
export function conceal(text: string, secrets: readonly Secret[]): string {
  return secrets
    .flatMap((secret) => [secret.reveal(), encodeURIComponent(secret.reveal())])
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((concealed, value) => concealed.split(value).join('[secret]'), text);
}

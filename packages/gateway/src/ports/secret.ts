import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// Node's inspector looks for this symbol, which is registered so that nothing of Node need be imported.
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Reads a hidden value. Only this file can. */
let hiddenIn: (hidden: Hidden) => string;

/** A value that must not be shown: prints as `[secret]` everywhere. */
abstract class Hidden {
  readonly #value: string;

  static {
    hiddenIn = (hidden) => hidden.#value;
  }

  constructor(value: string) {
    this.#value = value;
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

/** A secret that never leaves the process, such as a master key. Read by `reveal()` only, which adapters never call. */
export class Secret extends Hidden {
  reveal(): string {
    return hiddenIn(this);
  }
}

/** A secret together with the only origins that it may be sent to. */
export interface PackedSecret {
  readonly value: string;
  readonly origins: readonly string[];
}

/** A secret was asked for an origin that it was not given for. */
export class ForeignOriginError extends Error {
  override readonly name = 'ForeignOriginError';
}

/**
 * A secret of a provider, with the origins that it was given for. It is revealed only for a request to one of them, whatever
 * address a setting, a row or a caller names later.
 */
export class BoundSecret extends Hidden {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origins: readonly string[];

  /** `addresses` may be longer than their origins. What is no URL is no place to send it to. */
  constructor(value: string | Secret, addresses: readonly string[]) {
    super(typeof value === 'string' ? value : value.reveal());
    this.origins = [...new Set(addresses.filter((address) => URL.canParse(address)).map(originOf))];
  }

  /** The value, for a request to this address. Throws `ForeignOriginError` for an address at another origin. */
  revealFor(url: string): string {
    if (this.isFor([url])) return hiddenIn(this);
    throw new ForeignOriginError(
      `a secret that was given for ${this.origins.join(', ') || 'no address'} is not sent to ${URL.canParse(url) ? originOf(url) : 'an address that is no URL'}`,
    );
  }

  /** Whether it may be sent to each of these addresses. */
  isFor(addresses: readonly string[]): boolean {
    return addresses.every((address) => URL.canParse(address) && this.origins.includes(originOf(address)));
  }

  /** Another secret for the same origins: what a provider gives in exchange for this one. */
  sibling(value: string): BoundSecret {
    return new BoundSecret(value, this.origins);
  }

  isEmpty(): boolean {
    return hiddenIn(this) === '';
  }

  /** The same value for the same origins. */
  equals(other: BoundSecret): boolean {
    return hiddenIn(this) === hiddenIn(other) && isSameSet(this.origins, other.origins);
  }

  /** Whether `text` is the value. Takes the same time for any text. An empty secret matches nothing. */
  matches(text: string): boolean {
    return timingSafeEqual(sha256(text), this.digest()) && !this.isEmpty();
  }

  digest(): Buffer {
    return sha256(hiddenIn(this));
  }

  /** The MAC of the parts, one after another, with the value as the key. */
  hmac(algorithm: 'sha1' | 'sha256', ...parts: readonly (string | Buffer)[]): Buffer {
    const mac = createHmac(algorithm, hiddenIn(this));
    for (const part of parts) mac.update(part);
    return mac.digest();
  }

  /** What follows `before`, the value and `after` in a text; null if they are not in it. */
  textAfter(text: string, before: string, after: string): string | null {
    const found = `${before}${hiddenIn(this)}${after}`;
    const at = text.indexOf(found);
    return at === -1 ? null : text.slice(at + found.length);
  }
}

/**
 * What `fill` makes for a request to `url` of the secrets that it reveals; or, where one of them was not given for that origin, why
 * the request must not be made.
 */
export function revealTo<T>(
  url: string,
  fill: (reveal: (secret: BoundSecret) => string) => T,
): { readonly kind: 'filled'; readonly value: T } | { readonly kind: 'withheld'; readonly detail: string } {
  try {
    return { kind: 'filled', value: fill((secret) => secret.revealFor(url)) };
  } catch (cause) {
    if (cause instanceof ForeignOriginError)
      return { kind: 'withheld', detail: `not called: ${cause.message}; supply it again for that address` };
    throw cause;
  }
}

/** The secret with its origins, in the form in which it is sealed. Only the files that seal may call it. */
export const packSecret = (secret: BoundSecret): PackedSecret => ({ value: hiddenIn(secret), origins: secret.origins });

/** The secret that was packed; null for anything else. */
export function unpackSecret(packed: unknown): BoundSecret | null {
  if (typeof packed !== 'object' || packed === null) return null;
  const { value, origins } = packed as Partial<Record<string, unknown>>;
  if (typeof value !== 'string' || !Array.isArray(origins)) return null;
  return new BoundSecret(value, origins.map(String));
}

/** Scheme, host and port of an address. Throws where it is no URL. */
export const originOf = (address: string): string => new URL(address).origin;

/** `text` with every occurrence of the secrets, plain or URL-encoded, replaced: for words that come from elsewhere. */
export function conceal(text: string, secrets: readonly (Secret | BoundSecret)[]): string {
  return secrets
    .flatMap((secret) => [hiddenIn(secret), encodeURIComponent(hiddenIn(secret))])
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((concealed, value) => concealed.split(value).join('[secret]'), text);
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

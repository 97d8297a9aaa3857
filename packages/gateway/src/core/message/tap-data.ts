import type { ControlAction } from './content.ts';

/** Telegram: the data of a button has 1 to 64 bytes. https://core.telegram.org/bots/api#inlinekeyboardbutton */
const callbackBytesMax = 64;
/** Begins the data of a button whose own data stays here. */
const tokenPrefix = 'cf1:';

type Callback = Extract<ControlAction, { readonly kind: 'callback' }>;

/** Whether the data of a tap is one of the gateway's tokens. It says nothing to others. */
export const isTapToken = (data: string): boolean => data.startsWith(tokenPrefix);

/**
 * The action of a button with this data. A short text goes to Telegram as it is. Anything else stays with the message, and
 * a token goes in its place: `position` is that of the button among all of the message, and `nonce` has at most 40 letters
 * and digits and is different for each message, so that a tap also proves that this message was sent.
 */
export function callbackAction(data: unknown, nonce: string, position: number): Callback {
  const isShort = typeof data === 'string' && data !== '' && Buffer.byteLength(data) <= callbackBytesMax;
  if (isShort && !isTapToken(data)) return { kind: 'callback', data };
  return { kind: 'callback', data: `${tokenPrefix}${nonce}:${position}`, value: data };
}

/** The data of a button as its sender gave it. */
export const givenData = ({ data, value }: Pick<Callback, 'data' | 'value'>): unknown => {
  if (value !== undefined) return value;
  return isTapToken(data) ? null : data;
};

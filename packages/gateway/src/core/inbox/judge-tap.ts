import type { ChannelOptions, OnTap } from '@chatferry/contract';
import type { Control, OutboundContent } from '../message/content.ts';

/** The message with the tapped button, as the store has it. */
export interface TappedMessage {
  readonly messageId: number;
  /** Its partition, `YYYY-MM-DD`. */
  readonly createdOn: string;
  readonly content: OutboundContent;
  /** When it was sent, on the database's clock. */
  readonly sentAtMs: number;
  /** The provider's id of the update with the tap that counted, if only one counts. Null before that. */
  readonly firstTap: string | null;
}

/** What happens after a tap. */
export interface TapPolicy {
  readonly toast: string | null;
  readonly alert: string | null;
  readonly after: 'keep' | 'mark' | 'remove';
  readonly once: boolean;
  readonly expiresInSeconds: number | null;
}

/** What the message, its button and the settings of the channel say. The button's words replace those of the message. */
export function tapPolicy(
  tap: ChannelOptions['tap'],
  message: OutboundContent | null,
  control: Control | null,
): TapPolicy {
  const action = control?.action.kind === 'callback' ? control.action : null;
  const onTap: OnTap = action?.onTap ?? message?.onTap ?? {};
  const saysNothing = onTap.toast === undefined && onTap.alert === undefined;
  return {
    toast: saysNothing ? tap.toast : (onTap.toast ?? null),
    alert: onTap.alert ?? null,
    after: onTap.then ?? tap.after,
    once: onTap.once ?? false,
    expiresInSeconds: onTap.expires_in_seconds ?? null,
  };
}

/** The button with this data. Null if the message has none. */
export function tappedControl({ controls }: OutboundContent, data: string): Control | null {
  if (controls.kind !== 'buttons') return null;
  return controls.rows.flat().find(({ action }) => action.kind === 'callback' && action.data === data) ?? null;
}

/** Whether a tap came after the buttons had expired. `atMs` is when it was received, on the database's clock. */
export const isExpired = ({ expiresInSeconds }: TapPolicy, { sentAtMs }: TappedMessage, atMs: number): boolean =>
  expiresInSeconds !== null && atMs > sentAtMs + expiresInSeconds * 1_000;

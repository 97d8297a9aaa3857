import type { RichMessageButton } from '@grammyjs/types';
import { looseWords } from './loose-words.ts';
import { asObject, asText } from './untrusted.ts';

interface Fields {
  readonly text: unknown;
  readonly url: string;
  readonly callback_data: string;
  readonly web_app: { readonly url: string };
  readonly login_url: { readonly url: string };
  readonly switch_inline_query: string;
  readonly switch_inline_query_current_chat: string;
  readonly switch_inline_query_chosen_chat: { readonly query?: string };
  readonly copy_text: { readonly text: string };
  readonly disabled: object;
}

/** “[Price list → https://example.com/prices]”: a button in a rich message, with what it does. */
export function richButtonText(value: unknown): string {
  const button = asObject<RichMessageButton & Fields>(value);
  const label = looseWords([button]).join(' ').trim();
  const address =
    asText(button?.url) ??
    asText(asObject<Fields['web_app']>(button?.web_app)?.url) ??
    asText(asObject<Fields['login_url']>(button?.login_url)?.url) ??
    asText(button?.callback_data);
  if (address !== null) return `[${label} → ${address}]`;
  const here = asText(button?.switch_inline_query_current_chat);
  if (here !== null) return `[${label} → suggests “${here}”]`;
  const elsewhere =
    asText(button?.switch_inline_query) ??
    asText(asObject<{ query: string }>(button?.switch_inline_query_chosen_chat)?.query);
  if (elsewhere !== null) return `[${label} → suggests “${elsewhere}” in another chat]`;
  const copied = asText(asObject<Fields['copy_text']>(button?.copy_text)?.text);
  if (copied !== null) return `[${label} → copies “${copied}”]`;
  return asObject(button?.disabled) === null ? `[${label}]` : `[${label} → disabled]`;
}

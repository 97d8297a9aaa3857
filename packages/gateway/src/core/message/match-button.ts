import type { OutboundContent } from './content.ts';

/** How many of a chat's newest messages may have offered the button that an answer came from. */
export const suggestionsLookback = 50;

/** The answer that the inbox last offered with this data, or null. `contents` are a chat's messages, newest first. */
export function quickReplyOf(
  contents: readonly OutboundContent[],
  data: string,
): { readonly label: string; readonly value: string } | null {
  const offers = contents.flatMap(({ controls }) => (controls.kind === 'buttons' ? controls.rows.flat() : []));
  for (const { label, action } of offers) {
    if (action.kind === 'quick-reply' && action.data === data) return { label, value: action.value };
  }
  return null;
}

/** The label of the newest button with this suggested reply, or null. `contents` are a chat's messages, newest first. */
export function labelOfSuggestion(contents: readonly OutboundContent[], query: string): string | null {
  const wanted = query.trim();
  for (const { controls } of contents) {
    if (controls.kind !== 'buttons') continue;
    const control = controls.rows
      .flat()
      .find(({ action }) => action.kind === 'suggest' && action.query.trim() === wanted);
    if (control) return control.label;
  }
  return null;
}

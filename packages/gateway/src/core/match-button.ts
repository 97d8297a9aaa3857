import type { OutboundContent } from './content.ts';

/** The label of the newest button that offers this suggested reply, or null: `contents` are a chat's messages, newest first. */
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

import { describe, expect, it } from 'vitest';
import type { ControlAction, OutboundContent } from './content.ts';
import { labelOfSuggestion } from './match-button.ts';

const offering = (...buttons: readonly (readonly [label: string, action: ControlAction])[]): OutboundContent => ({
  text: 'Choose',
  controls: { kind: 'buttons', rows: buttons.map(([label, action]) => [{ label, action }]) },
});
const suggests = (query: string): ControlAction => ({ kind: 'suggest', query });

describe('the button that a suggested reply came from', () => {
  it('is found in any row of any message', () => {
    const contents = [offering(['No', suggests('no')]), offering(['A', suggests('a')], ['Help', suggests('help 7')])];
    expect(labelOfSuggestion(contents, 'help 7')).toBe('Help');
  });

  it('is the newest one with that suggestion', () => {
    const contents = [offering(['New', suggests('help')]), offering(['Old', suggests('help')])];
    expect(labelOfSuggestion(contents, 'help')).toBe('New');
  });

  it('is found if the white space around the query was lost', () => {
    expect(labelOfSuggestion([offering(['Help', suggests(' help ')])], 'help')).toBe('Help');
    expect(labelOfSuggestion([offering(['Help', suggests('help')])], 'help\n')).toBe('Help');
  });

  it('is not found if the customer changed the words', () => {
    expect(labelOfSuggestion([offering(['Help', suggests('help')])], 'help me')).toBeNull();
    expect(labelOfSuggestion([], 'help')).toBeNull();
  });

  it('is never a button with another action or a key, even with the same words', () => {
    const contents: readonly OutboundContent[] = [
      offering(
        ['Elsewhere', { kind: 'suggest-elsewhere', query: 'help' }],
        ['Data', { kind: 'callback', data: 'help' }],
        ['Copy', { kind: 'copy', text: 'help' }],
      ),
      { text: 'x', controls: { kind: 'keyboard', rows: [[{ label: 'help', action: { kind: 'say' } }]] } },
      { text: 'help', controls: { kind: 'none' } },
    ];
    expect(labelOfSuggestion(contents, 'help')).toBeNull();
  });
});

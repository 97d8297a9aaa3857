import { describe, expect, it } from 'vitest';
import { markText } from '../message/mark-text.ts';
import { bodyOfOutbound } from './entry.ts';
import { htmlOf } from './entry-html.ts';

describe('the HTML of an entry', () => {
  it('has the text and then the buttons, one line per row', () => {
    const body = bodyOfOutbound({
      text: 'Choose:\nplease',
      controls: {
        kind: 'buttons',
        rows: [
          [{ label: 'Site', action: { kind: 'link', url: 'https://a.example/?a=1&b=2' } }],
          [{ label: 'Yes', action: { kind: 'callback', data: 'y' } }],
        ],
      },
    });
    expect(htmlOf(body)).toBe('<p>Choose:<br>please</p><p>[Site → https://a.example/?a=1&amp;b=2]<br>[Yes]</p>');
  });

  it('shows markup that a person typed as text', () => {
    expect(htmlOf({ blocks: [{ kind: 'text', text: '<img src=x onerror="1">' }], extras: [] })).toBe(
      '<p>&lt;img src=x onerror=&quot;1&quot;&gt;</p>',
    );
  });

  it('sets marks and quotes apart from the customer’s words, and escapes both parts of a link', () => {
    const html = htmlOf({
      blocks: [
        { kind: 'quote', text: 'one\ntwo' },
        { kind: 'mark', text: markText`tapped` },
        { kind: 'link', label: '<1, 2>', url: 'https://maps.example/?q="' },
      ],
      extras: [],
    });
    expect(html).toBe(
      '<p><i>⁂ &gt; one<br>⁂ &gt; two</i></p><p><i>⁂ (tapped)</i></p><p><a href="https://maps.example/?q=&quot;">&lt;1, 2&gt;</a></p>',
    );
  });
});

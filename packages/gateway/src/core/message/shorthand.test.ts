import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Control, Controls } from './content.ts';
import { plain, type RichText } from './rich-text.ts';
import { parseShorthand } from './shorthand.ts';

const written = (control: Control): string => {
  const { label, action } = control;
  return action.kind === 'link' ? `${label}=${action.url}` : action.kind === 'say' ? label : `${label}=${action.kind}`;
};

const rowsOf = (controls: Controls): readonly (readonly string[])[] =>
  controls.kind === 'buttons' || controls.kind === 'keyboard' ? controls.rows.map((row) => row.map(written)) : [];

const read = (body: RichText | string) => {
  const shorthand = parseShorthand(typeof body === 'string' ? plain(body) : body);
  if (shorthand.kind !== 'controls') throw new Error(JSON.stringify(shorthand));
  return { kind: shorthand.controls.kind, rows: rowsOf(shorthand.controls), body: shorthand.body };
};

const url = 'https://acme.test/t?a=1';

/** A text whose part between ‹› is a link to the address. */
function linked(text: string, to: string): RichText {
  const start = text.indexOf('‹');
  const end = text.indexOf('›') - 1;
  return { text: text.replace(/[‹›]/g, ''), spans: [{ kind: 'link', url: to, start, end }] };
}

describe('the shorthand', () => {
  it.each([
    ['an arrow', `[Track order -> ${url}]`],
    ['a drawn arrow', `[Track order → ${url}]`],
    ['a long arrow', `[Track order —> ${url}]`],
    ['a double arrow', `[Track order => ${url}]`],
    ['an arrow that was escaped', `[Track order -&gt; ${url}]`],
    ['parentheses', `[Track order](${url})`],
    ['a gap before the parentheses', `[ Track order ] ( ${url} )`],
    ['curled quotes', `[“Track order” -> “${url}”]`],
    ['angle brackets', `[Track order](<${url}>)`],
    ['hard spaces', `[Track\u00a0order\u00a0->\u00a0${url}]\u00a0`],
    ['a bullet', `• [Track order -> ${url}]`],
  ])('reads a button with %s', (_what, line) => {
    const { kind, rows, body } = read(`Here it is:\n${line}`);
    expect([kind, rows[0]?.[0]?.replaceAll('\u00a0', ' '), body.text]).toEqual([
      'buttons',
      `Track order=${url}`,
      'Here it is:',
    ]);
  });

  it.each([
    ['an address that the inbox made a link', `Go\n[Go -> ‹${url}›]`, url],
    ['a link that includes the bracket', `Go\n[Go](‹${url})›`, `${url})`],
    ['an address that is shown shortened', 'Go\n[Go -> ‹acme.test/t…›]', url],
    ['a linked label', 'Go\n[‹Go›]', url],
  ])('reads %s', (_what, text, to) => {
    expect(read(linked(text, to)).rows).toEqual([[`Go=${url}`]]);
  });

  it('reads addresses with parentheses, and without a scheme', () => {
    expect(read('x\n[A](https://en.acme.test/B_(c)) | [D -> acme.test/e]').rows).toEqual([
      ['A=https://en.acme.test/B_(c)', 'D=acme.test/e'],
    ]);
  });

  it('reads keys that answer and keys that share', () => {
    expect(read('Which?\n[[Red]] [[Blue]]\n\n[[My number -> phone]]\n[[Here → Location]]\n[[Next →]]')).toMatchObject({
      kind: 'keyboard',
      rows: [['Red', 'Blue'], ['My number=share-contact'], ['Here=share-location'], ['Next →']],
      body: plain('Which?'),
    });
  });

  it('does not change the words around it and their formatting, and leaves no gap', () => {
    const text = `One\n\n[A -> ${url}]\n\nTwo`;
    const spans = [{ kind: 'style', style: 'bold', start: text.indexOf('Two'), end: text.length }] as const;
    const { body } = read({ text, spans });
    expect(body).toEqual({ text: 'One\n\nTwo', spans: [{ kind: 'style', style: 'bold', start: 5, end: 8 }] });
  });

  it.each([
    ['words in brackets', 'See below\n[sic]\n[1] [2]'],
    ['a link in a sentence', `Read [the manual](${url}) first`],
    ['a sentence that begins with a link', `[The manual](${url}) helps`],
    ['an arrow outside', `[1] -> ${url}`],
    ['no brackets', 'a -> b'],
    ['a task', '- [ ] call back'],
  ])('does not change %s', (_what, text) => {
    expect(parseShorthand(plain(text))).toEqual({ kind: 'none' });
  });

  it('does not change code', () => {
    const text = `[A -> ${url}]`;
    const spans = [{ kind: 'style', style: 'preformatted', start: 0, end: text.length }] as const;
    expect(parseShorthand({ text, spans })).toEqual({ kind: 'none' });
  });

  it.each([
    ['an address that is none', 'x\n[Go](nowhere)', '“nowhere” is no web address'],
    ['no address', 'x\n[Go -> ]', 'address is missing'],
    ['no label', `x\n[ -> ${url}]`, 'needs a label'],
    ['an open parenthesis', `x\n[Go](${url}`, 'not closed'],
    ['an open bracket', `x\n[Go -> ${url}`, 'not closed'],
    ['an open key', 'x\n[[Red]', 'not closed'],
    ['an empty key', 'x\n[[ ]]', 'needs a label'],
    ['a key with an address', `x\n[[Red -> ${url}]]`, 'phone or location'],
    ['a bracket that does nothing', `x\n[Red] [Go -> ${url}]`, 'does not say what it does'],
    ['both kinds', `x\n[[Red]]\n[Go -> ${url}]`, 'cannot be in one message'],
    ['both kinds in a line', `x\n[[Red]] [Go -> ${url}]`, 'cannot be in one message'],
    ['too many in a line', `x\n${`[Go -> ${url}] `.repeat(9)}`, 'at most 8'],
    ['too many', `x\n${`[Go -> ${url}]\n`.repeat(101)}`, 'more buttons than one message can have'],
    ['no words', `[Go -> ${url}]`, 'words besides the buttons'],
  ])('reports %s to the agent', (_what, text, words) => {
    const shorthand = parseShorthand(plain(text));
    expect(shorthand.kind === 'malformed' && shorthand.problems.join(' ')).toContain(words);
  });

  it('reads every documented example', () => {
    const page = readFileSync(new URL('../../../../../docs/replies.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/^```\n(.*?)^```$/gms)].map(([, example = '']) => example);
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) expect(read(example).body.text.split('\n')).toHaveLength(1);
  });

  const fragment = fc.oneof(
    fc.constantFrom('[', ']', '[[', ']]', '(', ')', '->', '→', '\n', ' ', '|', url, 'phone', '“', '<', '>', '• ', '…'),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const anyText = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));
  const aBody = fc
    .tuple(anyText, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 5 }))
    .map(([text, places]): RichText => {
      const spans = places.flatMap(([a, b, isLink]) => {
        const start = a % (text.length + 1);
        const end = Math.min(text.length, start + 1 + (b % 12));
        if (end <= start) return [];
        return [
          isLink
            ? ({ kind: 'link', url, start, end } as const)
            : ({ kind: 'style', style: 'bold', start, end } as const),
        ];
      });
      return { text, spans };
    });

  it('never throws, and returns only lines of the text, with valid spans', () => {
    fc.assert(
      fc.property(aBody, (body) => {
        const shorthand = parseShorthand(body);
        if (shorthand.kind === 'malformed') expect(shorthand.problems.length).toBeGreaterThan(0);
        if (shorthand.kind !== 'controls') return;
        const lines = body.text.split('\n').map((line) => line.trim());
        for (const line of shorthand.body.text.split('\n')) expect(lines).toContain(line.trim());
        for (const { start, end } of shorthand.body.spans) {
          expect(start >= 0 && start < end && end <= shorthand.body.text.length).toBe(true);
        }
        expect(rowsOf(shorthand.controls).flat().length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not change a text without brackets', () => {
    fc.assert(
      fc.property(aBody, (body) => {
        const text = body.text.replaceAll('[', '(');
        expect(parseShorthand({ ...body, text })).toEqual({ kind: 'none' });
      }),
    );
  });
});

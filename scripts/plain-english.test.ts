import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enforcedPaths, findDialect, findDialectIn, listCheckedFiles, printFinding } from './plain-english.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const wordsIn = (file: string, text: string): readonly string[] => findDialect(file, text).map(({ word }) => word);

describe('the enforced files', () => {
  it('contain no dialect and no long Markdown lines', () => {
    expect(findDialectIn(root, enforcedPaths).map(printFinding)).toEqual([]);
  });

  it('include at least one checked file for each enforced path', () => {
    expect(enforcedPaths.filter((path) => listCheckedFiles(root, path).length === 0)).toEqual([]);
  });
});

describe('findDialect', () => {
  it.each([
    ['The entry stands in the inbox.', 'stands'],
    ['Two entries stand there.', 'stand'],
    ['It stood there.', 'stood'],
    ['a standing order', 'standing'],
    ['Whoever calls is served.', 'Whoever'],
    ['By whomever it was sent.', 'whomever'],
    ['Somebody pressed Cancel.', 'Somebody'],
    ['The page that somebody else opened.', 'somebody else'],
    ['a send that nobody knows the outcome of', 'nobody knows'],
    ['where nobody can know', 'nobody can know'],
    ['Nobody is called.', 'Nobody'],
    ['It is closed for nobody else.', 'nobody else'],
    ['The limit of everybody together', 'everybody'],
    ['It calls anybody.', 'anybody'],
    ['Make it anew.', 'anew'],
    ['after so many failures', 'so many'],
    ['at the so many-th failure', 'so many-th'],
    ['Wait meanwhile.', 'Meanwhile'],
    ['the end thereof', 'thereof'],
    ['the end whereof', 'whereof'],
    ['He cannot send.', 'He cannot'],
    ['It ends at all events.', 'at all events'],
    ['It ends all the same.', 'all the same'],
    ['two at the most', 'at the most'],
    ['one after the other, in their order', 'in their order'],
    ['It is done by now.', 'by now'],
    ['two, one of which failed', 'of which'],
    ['The end is said so.', 'is said so'],
    ['what becomes of a message', 'becomes of'],
    ['the far side of the link', 'far side'],
    ['The worker goes on.', 'goes on'],
    ['The event comes by twice.', 'comes by'],
    ['It puts off the job.', 'puts off'],
    ['The browser that set out.', 'set out'],
    ['The gateway takes in updates.', 'takes in'],
    ['A restart mends it.', 'mends'],
    ['The worker insists on it.', 'insists'],
    ['a caller who knocks', 'knocks'],
    ['A lawful body.', 'lawful'],
  ])('finds a word of the dialect in “%s”', (sentence, word) => {
    const expected = [expect.stringMatching(new RegExp(`^${word}$`, 'i'))];
    expect(wordsIn('docs/page.md', sentence)).toEqual(expected);
    expect(wordsIn('src/file.ts', `/** ${sentence} */`)).toEqual(expected);
    expect(wordsIn('src/file.test.ts', `it('${sentence}', () => {});`)).toEqual(expected);
    expect(wordsIn('src/file.ts', `throw new Error(\`${sentence}\`);`)).toEqual(expected);
    expect(wordsIn('src/0001.sql', `-- ${sentence}`)).toEqual(expected);
  });

  it.each([
    ['// The message of which\n// nobody\n// knows the outcome.', ['of which', 'nobody knows']],
    ['/**\n * It is served all\n * the same.\n */', ['all the same']],
  ])('finds a phrase that is broken across comment lines in %j', (source, expected) => {
    expect(wordsIn('src/file.ts', source)).toEqual(expected);
  });

  it.each([
    'The type parameter T stands for the result.',
    'A long-standing problem. We understand it. It withstands a restart.',
    'No one is called. Anything may happen.',
    'It takes in order of arrival what the queue has.',
    'The recommended way. The amended text. Ask for a renewal.',
    'A total of 7 rows, which were stored.',
  ])('accepts “%s”', (sentence) => {
    expect(wordsIn('docs/page.md', sentence)).toEqual([]);
  });

  it('finds a variable with the name of a dialect word', () => {
    expect(wordsIn('src/file.ts', 'const standing = isStanding(x);')).toEqual(['standing']);
  });

  it('ignores code in Markdown', () => {
    const markdown = 'Run `npm run anew`.\n\n```\nwhoever\n```\n';
    expect(wordsIn('docs/page.md', markdown)).toEqual([]);
  });

  it('finds Markdown prose over 120 columns, but no long table, code or link', () => {
    const long = 'word '.repeat(30).trim();
    const link = `[a link](https://example.com/${'x'.repeat(120)})`;
    const markdown = `${long}\n\n| ${long} |\n\n\`\`\`\n${long}\n\`\`\`\n\n- ${link}\n`;
    expect(findDialect('docs/page.md', markdown).map(({ line }) => line)).toEqual([1]);
    expect(findDialect('src/file.ts', `// ${long}`)).toEqual([]);
  });

  it('reports the file, the line, the word and a suggestion', () => {
    const [finding] = findDialect('docs/page.md', 'One line.\n\nMake it anew.\n');
    expect(finding && printFinding(finding)).toBe('docs/page.md:3: anew -> again');
  });
});

describe('listCheckedFiles', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chatferry-words-'));
    for (const name of ['src', 'dist', 'node_modules']) mkdirSync(join(folder, name));
    for (const name of ['page.md', 'openapi.json', 'src/a.ts', 'src/b.gen.ts', 'src/c.sql', 'dist/a.js']) {
      writeFileSync(join(folder, name), 'anew\n');
    }
    writeFileSync(join(folder, 'node_modules/page.md'), 'anew\n');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves out generated files, build output and installed packages', () => {
    expect([...listCheckedFiles(folder, '.')].sort()).toEqual(['page.md', 'src/a.ts', 'src/c.sql']);
  });

  it('lists files whose findings are all reported', () => {
    expect(findDialectIn(folder, ['page.md', 'src']).map(({ file }) => file)).toEqual([
      'page.md',
      'src/a.ts',
      'src/c.sql',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { readCommandLine } from './command-line.ts';

describe('the command line of the gateway', () => {
  it('starts the gateway if it is empty', () => {
    expect(readCommandLine([])).toEqual({ kind: 'start' });
  });

  it.each(['backup', 'restore'])('can name a %s and its file', (kind) => {
    expect(readCommandLine([kind, './friday.backup'])).toEqual({ kind, file: './friday.backup' });
  });

  it.each(['migrate', 'rotate-master-key'])('can be %s', (kind) => {
    expect(readCommandLine([kind])).toEqual({ kind });
  });

  it.each(['--help', '-h', 'help'])('prints the usage for %s', (argument) => {
    expect(readCommandLine([argument])).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('docs/configuration.md'),
    });
  });

  it.each([[['--port', '80']], [['--help', '--verbose']], [['']]])('refuses %o and starts nothing', (given) => {
    const command = readCommandLine(given);
    expect(command).toMatchObject({ exitCode: 1, text: expect.stringContaining('docs/configuration.md') });
    expect(command).toMatchObject({
      text: expect.stringContaining(`“${given.find((argument) => argument !== '--help')}”`),
    });
  });

  it.each([[['backup']], [['restore', '--force']], [['backup', 'one', 'two']], [['backup', '']]])(
    'refuses %o and does nothing',
    (given) => {
      expect(readCommandLine(given)).toMatchObject({ exitCode: 1, text: expect.stringContaining('Name one file') });
    },
  );
});

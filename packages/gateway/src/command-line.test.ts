import { describe, expect, it } from 'vitest';
import { answerCommandLine } from './command-line.ts';

describe('the command line of the gateway', () => {
  it('starts it when it is empty', () => {
    expect(answerCommandLine([])).toBeNull();
  });

  it.each(['--help', '-h', 'help'])('explains it for %s', (argument) => {
    const answer = answerCommandLine([argument]);
    expect(answer?.exitCode).toBe(0);
    expect(answer?.text).toContain('docs/configuration.md');
  });

  it.each([[['--port', '80']], [['--help', '--verbose']], [['']]])('refuses %o and starts nothing', (given) => {
    const answer = answerCommandLine(given);
    expect(answer?.exitCode).toBe(1);
    expect(answer?.text).toContain(`“${given.find((argument) => argument !== '--help')}”`);
    expect(answer?.text).toContain('docs/configuration.md');
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { completionScript, shells } from './completion.ts';

/** What bash proposes for the last of these words. */
const proposalsOf = (words: readonly string[]): readonly string[] => {
  const script = `${completionScript('bash', commands)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _chatferry
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['--norc', '-c', script, 'bash', 'chatferry', ...words], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
};

describe('a completion script', () => {
  it('proposes in bash the commands, the verbs, the options and the values of an option', () => {
    expect(proposalsOf(['work'])).toEqual(['workspaces']);
    expect(proposalsOf(['keys', 'r'])).toEqual(['rotate', 'revoke']);
    expect(proposalsOf(['keys', 'list', '--st'])).toEqual(['--state']);
    expect(proposalsOf(['keys', 'list', '--state', ''])).toEqual(['live', 'retired', 'revoked', 'expired']);
    expect(proposalsOf(['keys', 'show', 'key_1', '--outp'])).toEqual(['--output']);
    expect(proposalsOf(['keys', 'show', 'key_1', '--output', 'c'])).toEqual(['csv']);
    expect(proposalsOf(['completion', ''])).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(proposalsOf(['send', '--file', '/et'])).toContain('/etc');
  });

  it.each(shells)('for %s has every command and every option', (shell) => {
    const script = completionScript(shell, commands);
    for (const { name, options } of commands) {
      expect(script).toContain(name);
      for (const option of Object.keys(options)) expect(script).toContain(option);
    }
  });
});

import { defineLocalCommand } from '../command.ts';
import { completionScript, shells } from '../completion.ts';
import { UsageError } from '../usage-error.ts';

export const completionCommand = defineLocalCommand({
  name: 'completion',
  summary: 'Print a script that completes the commands and options of chatferry in your shell.',
  description:
    'bash: add `source <(chatferry completion bash)` to ~/.bashrc. zsh: `chatferry completion zsh > _chatferry` in a folder of $fpath. fish: `chatferry completion fish > ~/.config/fish/completions/chatferry.fish`.',
  argument: shells.join('|'),
  examples: shells.map((shell) => `completion ${shell}`),
  run: async ({ argument, commands }) => {
    const shell = shells.find((one) => one === argument);
    if (shell === undefined)
      throw new UsageError(
        `There is no script for “${argument}”; there are: ${shells.join(', ')}.`,
        'chatferry completion bash',
      );
    const script = completionScript(shell, commands);
    return { json: { shell, script }, view: [script.trimEnd()] };
  },
});

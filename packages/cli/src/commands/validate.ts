import { command } from '../command.ts';
import { problemLine } from '../output.ts';
import { readSend, sendOptions } from './send-options.ts';

export const validateCommand = command({
  name: 'validate',
  summary: 'Check a message without sending it.',
  description: 'Lists every problem, unknown fields included, and ends with 1 where there is one.',
  auth: 'key',
  options: sendOptions,
  examples: ['validate --to 123456789 --file message.json'],
  async run({ values, connect, readText }) {
    const request = readSend(await readText(values.file), values);
    const validation = await (await connect()).validateTelegramInteractive(request);
    const problems = validation.problems.map(problemLine);
    return {
      json: validation,
      text: validation.valid ? 'The message is in order.' : `The message has problems:\n${problems.join('\n')}`,
      exitCode: validation.valid ? 0 : 1,
    };
  },
});

import type { Validation } from '@chatferry/sdk';
import { operationCommand } from '../operation-command.ts';
import { problemList, titled, type View } from '../view.ts';
import { readSend, sendOptions } from './send-options.ts';

const describeValidation = ({ valid, problems }: Validation): View =>
  valid ? ['The message is valid.'] : [titled('The message has problems:', problemList(problems))];

export const validateCommand = operationCommand({
  name: 'validate',
  operation: 'validateTelegramInteractive',
  description: 'Lists every problem, including unknown fields. Exits with 1 if there is a problem.',
  options: sendOptions,
  examples: ['validate --to 123456789 --file message.json'],
  request: readSend,
  view: describeValidation,
  exitCode: ({ valid }) => (valid ? 0 : 1),
});

import type { SendMessage, Validation } from '@chatferry/sdk';
import { type Call, defineCommand, type Outcome } from '../command.ts';
import { problemList, titled, type View } from '../view.ts';
import { isInteractiveRequest, readSend, sendOptions } from './send-options.ts';

const describeValidation = ({ valid, problems }: Validation): View =>
  valid ? ['The message is valid.'] : [titled('The message has problems:', problemList(problems))];

const validate = async (call: Call<typeof sendOptions>): Promise<Outcome> => {
  const body = await readSend(call);
  const client = await call.connect();
  const answer = isInteractiveRequest(body)
    ? await client.request('validateTelegramInteractive', body)
    : await client.request('validateMessage', body as SendMessage);
  return { json: answer, view: describeValidation(answer), exitCode: answer.valid ? 0 : 1 };
};

export const validateCommand = defineCommand({
  name: 'validate',
  operation: 'validateMessage',
  description: 'Lists every problem, including unknown fields. Exits with 1 if there is a problem.',
  options: sendOptions,
  examples: ['validate --to 123456789 --file message.json'],
  run: validate,
});

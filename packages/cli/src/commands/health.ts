import { type Call, defineCommand, type Outcome } from '../command.ts';
import type { Options } from '../option.ts';

const checkHealth = async ({ url, connect }: Call<Options>): Promise<Outcome> => {
  const client = await connect();
  await client.health.get();
  const readiness = await client.health.getReadiness();
  return { json: readiness, view: [`The gateway at ${url} runs and is ready.`] };
};

export const healthCommand = defineCommand({
  name: 'health',
  operation: 'getReadiness',
  summary: 'Check that the gateway runs and can accept requests.',
  options: {},
  examples: ['health --url https://chat.example.com'],
  run: checkHealth,
});

import { command } from '../command.ts';

export const healthCommand = command({
  name: 'health',
  summary: 'Ask the gateway whether it runs and can take requests.',
  auth: 'none',
  options: {},
  examples: ['health --url https://chat.example.com'],
  async run({ url, connect }) {
    const client = await connect();
    await client.getHealth();
    const readiness = await client.getReadiness();
    return { json: readiness, text: `The gateway at ${url} runs and is ready.` };
  },
});

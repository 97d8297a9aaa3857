import type { BenchGateway } from './gateway.ts';
import type { BenchSandbox } from './sandbox.ts';

export interface ConnectedBot {
  readonly workspaceId: string;
  readonly channelId: string;
  /** Of the workspace, without a limit that a benchmark could reach. */
  readonly key: string;
  readonly botToken: string;
}

/** Connects a simulated bot to a simulated Intercom workspace through the management API. */
export async function connectBot(gateway: BenchGateway, sandbox: BenchSandbox): Promise<ConnectedBot> {
  const intercom = await sandbox.createIntercom();
  const workspace = await gateway.admin<{ id: string }>('/workspaces', {
    name: 'Benchmark',
    inbox: { kind: 'intercom', access_token: intercom.accessToken },
  });
  const key = await gateway.admin<{ secret: string }>('/keys', {
    kind: 'workspace',
    workspace_id: workspace.id,
    limit: { per_second: 100_000, burst: 1_000_000 },
  });
  const bot = await sandbox.createBot();
  const channel = await gateway.admin<{ id: string }>('/channels', {
    workspace_id: workspace.id,
    bot_token: bot.token,
    updates: 'polling',
  });
  return { workspaceId: workspace.id, channelId: channel.id, key: key.secret, botToken: bot.token };
}

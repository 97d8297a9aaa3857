import { join } from 'node:path';
import type pg from 'pg';
import { sendsTo } from '../load/sends.ts';
import type { Target } from '../load/target.ts';
import type { Plan } from '../plan.ts';
import { connectBot } from '../processes/connected.ts';
import { type BenchGateway, startGateway, withClient } from '../processes/gateway.ts';
import type { BenchSandbox } from '../processes/sandbox.ts';
import type { Stoppable } from '../scene.ts';
import { measureSaturation, type Saturation } from './saturation.ts';

export interface Flatness {
  readonly few: Saturation;
  readonly manyChannels: Saturation;
  readonly manyMessages: Saturation;
}

interface Grown {
  readonly gateway: BenchGateway;
  readonly target: Target;
}

/** Three gateways with a database each: small, with many channels that all send, and with many stored messages. */
export async function measureFlatness(
  plan: Plan,
  folder: string,
  sandbox: BenchSandbox,
  keep: <T extends Stoppable>(one: T) => T,
): Promise<Flatness> {
  const grow = async (name: string, channels: number): Promise<Grown> => {
    const gateway = keep(await startGateway({ dataDir: join(folder, name), sandbox, role: 'serve' }));
    const ids = await addChannels(gateway, sandbox, channels);
    const channelOf = (index: number): string => ids.channelIds[index % channels] ?? '';
    return { gateway, target: sendsTo({ name, url: gateway.url, key: ids.key, channelOf }) };
  };
  const few = await grow('few', plan.channels.few);
  const manyChannels = await grow('many-channels', plan.channels.many);
  const manyMessages = await grow('many-messages', plan.channels.few);
  await withClient(manyMessages.gateway, (client) => addMessages(client, plan.storedMessages));
  const grown = [few, manyChannels, manyMessages];
  const [first, second, third] = await measureSaturation(
    plan,
    grown.map(({ target, gateway }) => ({ target, cpuSeconds: gateway.cpuSeconds })),
  );
  if (!first || !second || !third) throw new Error('a comparison without all of its sides');
  for (const { gateway } of grown) await gateway.stop();
  return { few: first, manyChannels: second, manyMessages: third };
}

/** Through the management API, several at once. */
async function addChannels(
  gateway: BenchGateway,
  sandbox: BenchSandbox,
  count: number,
): Promise<{ readonly key: string; readonly channelIds: readonly string[] }> {
  const { key, workspaceId, channelId } = await connectBot(gateway, sandbox);
  const channelIds = [channelId];
  let left = count - 1;
  const add = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const bot = await sandbox.createBot();
      const made = await gateway.admin<{ id: string }>('/channels', {
        workspace_id: workspaceId,
        bot_token: bot.token,
        updates: 'polling',
      });
      channelIds.push(made.id);
    }
  };
  await Promise.all(Array.from({ length: 8 }, add));
  return { key, channelIds };
}

/** Straight into the tables, all of today, where the sends go too: the worst case for their indexes. */
async function addMessages(client: pg.Client, count: number): Promise<void> {
  await client.query(
    `
insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content, wire, request_id, channel_message_id, mirror)
select c.workspace_id, c.id, 3000000000 + n % 100000, 'outbound', 'api', 'sent',
  jsonb_build_object('text', 'Your order has shipped.', 'controls', jsonb_build_object('kind', 'keyboard-removed')),
  jsonb_build_object('chat_id', n, 'text', 'Your order has shipped.'), gen_random_uuid(), n, 'done'
from generate_series(1, $1::int) n join (select id, workspace_id from channels limit 1) c on true`,
    [count],
  );
  await client.query(`
insert into attempts (created_on, message_id, number, workspace_id, started_at, outcome)
select created_on, id, 1, workspace_id, now(), 'delivered' from messages`);
  await client.query(`
insert into inbox_writes (workspace_id, key, conversation_id, text_hash, entry_id)
select workspace_id, created_on || ':' || id, (chat_id % 100000)::text, '\\x00', id::text from messages`);
  // What autovacuum does within minutes of such a flood: its one-time work is not that of the sends.
  await client.query('vacuum (analyze) messages, attempts, inbox_writes');
  await client.query('checkpoint').catch((cause: unknown) => {
    // Only a superuser may ask for it; without it the flood of pages is written during the first round.
    if (!(cause instanceof Error && 'code' in cause && cause.code === '42501')) throw cause;
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from '@chatferry/testkit/processes/call-json';
import { openLoop } from '../load/open-loop.ts';
import { quantile } from '../load/sample.ts';
import { sendsTo } from '../load/sends.ts';
import { mirroredPerSecond, type Plan } from '../plan.ts';
import { connectBot } from '../processes/connected.ts';
import { type BenchGateway, withClient } from '../processes/gateway.ts';
import type { BenchSandbox } from '../processes/sandbox.ts';

export interface MirrorLag {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly messages: number;
  readonly missing: number;
}

const settledWithinMs = 30_000;

/**
 * From the 201 to the entry in the simulated Intercom, on that process's clock (the same machine). The chats have their
 * conversations already; opening one takes a contact and a conversation more.
 */
export async function measureMirror(plan: Plan, gateway: BenchGateway, sandbox: BenchSandbox): Promise<MirrorLag> {
  const { key } = await connectBot(gateway, sandbox);
  const target = sendsTo({ name: 'mirrored', url: gateway.url, key, chats: plan.mirrorChats });
  await openLoop(target, { perSecond: mirroredPerSecond, durationMs: (plan.mirrorChats / mirroredPerSecond) * 1_000 });
  await mirrored(gateway, plan.mirrorChats);

  const acceptedAtMs = new Map<number, number>();
  await openLoop(target, {
    perSecond: mirroredPerSecond,
    durationMs: plan.mirrorMs,
    onAnswer: (_index, { status, body }) => {
      if (status !== 201) return;
      const { message_id: messageId } = JSON.parse(body) as { message_id: number };
      acceptedAtMs.set(messageId, performance.timeOrigin + performance.now());
    },
  });
  const entries = await mirrored(gateway, plan.mirrorChats + acceptedAtMs.size);
  const appearedAtMs = await appearances(sandbox);
  const lagsMs: number[] = [];
  for (const [messageId, atMs] of acceptedAtMs) {
    const appeared = appearedAtMs.get(entries.get(messageId) ?? '');
    if (appeared !== undefined) lagsMs.push(Math.max(0, appeared - atMs));
  }
  const sorted = Float64Array.from(lagsMs).sort();
  return {
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    messages: acceptedAtMs.size,
    missing: acceptedAtMs.size - lagsMs.length,
  };
}

/** Waits until `wanted` messages are in the inbox. Resolves with the inbox's entry of each message. */
async function mirrored(gateway: BenchGateway, wanted: number): Promise<ReadonlyMap<number, string>> {
  return withClient(gateway, async (client) => {
    const untilMs = performance.now() + settledWithinMs;
    for (;;) {
      const { rows } = await client.query<{ id: string; entry: string }>(
        `select id, inbox_entry_id as entry from messages where mirror = 'done'`,
      );
      if (rows.length >= wanted || performance.now() > untilMs) {
        return new Map(rows.map((row) => [Number(row.id), row.entry]));
      }
      await sleep(200);
    }
  });
}

/** When each part appeared in a conversation. */
async function appearances(sandbox: BenchSandbox): Promise<ReadonlyMap<string, number>> {
  const events = await callJson<{ name: string; atMs: number; data: { partId?: string } }[]>(
    `${sandbox.url}/control/feed`,
  );
  return new Map(
    events.flatMap(({ name, atMs, data }) => (name === 'part.added' && data.partId ? [[data.partId, atMs]] : [])),
  );
}

import { closedLoop } from '../load/closed-loop.ts';
import { post } from '../load/connection.ts';
import { openLoop } from '../load/open-loop.ts';
import { median } from '../load/sample.ts';
import type { Target } from '../load/target.ts';
import { chats, inFlight, intakePerSecond, type Plan } from '../plan.ts';
import type { BenchGateway } from '../processes/gateway.ts';
import { startRecordingTelegram } from '../processes/recording-telegram.ts';

export interface Intake {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxPerSecond: number;
  readonly refused: number;
}

let updateIds = 1;

/** A channel with a webhook, as Telegram calls it: each update is verified, stored and queued before it is answered. */
export async function measureIntake(plan: Plan, gateway: BenchGateway, workspaceId: string): Promise<Intake> {
  const telegram = await startRecordingTelegram();
  try {
    await gateway.admin('/channels', {
      workspace_id: workspaceId,
      bot_token: telegram.botToken,
      api_root: telegram.apiRoot,
      updates: 'webhook',
    });
    const target = updatesTo(gateway, telegram.webhook());
    await openLoop(target, { perSecond: intakePerSecond, durationMs: plan.warmUpMs });
    const steady = [];
    const most = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      steady.push(await openLoop(target, { perSecond: intakePerSecond, durationMs: plan.intakeMs }));
      most.push(await closedLoop(target, { inFlight, durationMs: plan.roundMs }));
    }
    return {
      p50Ms: median(steady.map((one) => one.p50Ms)),
      p99Ms: median(steady.map((one) => one.p99Ms)),
      maxPerSecond: median(most.map((one) => one.perSecond)),
      refused: [...steady, ...most].reduce((sum, one) => sum + one.refused, 0),
    };
  } finally {
    await telegram.stop();
  }
}

function updatesTo(gateway: BenchGateway, webhook: { readonly url: string; readonly secret: string }): Target {
  const url = new URL(new URL(webhook.url).pathname, gateway.url);
  return {
    name: 'webhook',
    url,
    wanted: 200,
    request() {
      updateIds += 1;
      const id = 2_000_000_000 + (updateIds % chats);
      const user = { id, first_name: 'Customer', language_code: 'en' };
      const message = {
        message_id: updateIds,
        date: 1_700_000_000 + updateIds,
        from: { ...user, is_bot: false },
        chat: { ...user, type: 'private' },
        text: 'Where is my order ORD-9876?',
      };
      const update = JSON.stringify({ update_id: updateIds, message });
      return post(url, { 'x-telegram-bot-api-secret-token': webhook.secret }, update);
    },
  };
}

import { randomUUID } from 'node:crypto';
import { delivered, limited, rejected, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { evenRandom, scriptedChannel, scriptedKind } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { encodeReply } from '../../adapters/telegram/encode-reply.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { AutomaticAnswer } from '../../core/inbox/automatic-answer.ts';
import { createDirectory } from '../directory/directory.ts';
import { answerAutomatically, automaticJob } from './answer-automatically.ts';

const rig = await startDeliveryRig();
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const openInbox = (): never => {
  throw new Error('an automatic answer asks no inbox');
};
const welcome: AutomaticAnswer = { kind: 'welcome', text: 'Welcome!', everyMinutes: null };
const away: AutomaticAnswer = { kind: 'out-of-office', text: 'Away', everyMinutes: 60 };
let updates = 0;

/** A process that answers, to a chat of its own. */
function startAnswering(...script: readonly SendOutcome[]) {
  const process = rig.startProcess(...script);
  const { clock } = process;
  const handle = answerAutomatically({
    store: rig.store,
    directory: createDirectory(
      { store: rig.store, openChannel: () => scriptedChannel({}), openInbox },
      clock,
      () => 5_000,
    ),
    kind: { ...scriptedKind, encodeReply },
    deliver: ({ intent }) => process.deliver(intent, { deadlineMs: null }),
    clock,
    random: { ...evenRandom, uuid: randomUUID },
    log: quiet,
    epoch: rig.epoch,
  });
  const { chatId } = rig.anIntent();
  const chat = { chatId, kind: 'private', title: 'Grace', username: null, topicId: null } as const;
  return {
    process,
    jobFor(answer: AutomaticAnswer) {
      updates += 1;
      const payload = automaticJob(answer, {
        channelId: rig.channel.id,
        chat,
        cause: String(updates),
        nowMs: clock.nowMs(),
      });
      const lane = { key: 'automatic', workspaceId: rig.channel.workspaceId, lease: '', failures: 0, jobs: [] };
      return () => handle(lane, { seq: 1, kind: 'automatic', payload });
    },
  };
}

describe('an automatic answer', () => {
  it('is sent once, however often its job is done', async () => {
    const { process, jobFor } = startAnswering(delivered());
    const job = jobFor(welcome);
    for (let times = 0; times < 3; times += 1) expect(await job()).toEqual({ kind: 'done' });
    expect(process.sent).toHaveLength(1);
  });

  it.each([
    ['nobody knows whether it arrived', { kind: 'uncertain', detail: 'reset' } as const],
    ['Telegram refuses it', rejected('recipient-gone')],
  ])('is not sent again where %s', async (_what, outcome) => {
    const { process, jobFor } = startAnswering(outcome);
    const job = jobFor(welcome);
    expect([await job(), await job()]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(process.sent).toHaveLength(1);
  });

  it('waits as long as Telegram asks, and is sent then', async () => {
    const { process, jobFor } = startAnswering(limited(60_000), delivered());
    const job = jobFor(welcome);
    expect(await job()).toMatchObject({ kind: 'later' });
    await rig.database.pool.query('update chats set paused_until = null');
    expect(await job()).toEqual({ kind: 'done' });
    expect(process.sent).toHaveLength(2);
  });

  it('is given up when it would come too late', async () => {
    const { process, jobFor } = startAnswering();
    const job = jobFor(welcome);
    process.clock.advance(16 * 60_000);
    expect(await job()).toEqual({ kind: 'done' });
    expect(process.sent).toEqual([]);
  });

  it('that is for once in a while goes out again when that while is over, or when it never arrived', async () => {
    const { process, jobFor } = startAnswering(rejected('refused'), delivered(), delivered());
    await jobFor(away)();
    await jobFor(away)();
    await jobFor(away)();
    expect(process.sent).toHaveLength(2);
    await rig.database.pool.query(`update messages set created_at = created_at - interval '61 minutes'`);
    await jobFor(away)();
    expect(process.sent).toHaveLength(3);
  });
});

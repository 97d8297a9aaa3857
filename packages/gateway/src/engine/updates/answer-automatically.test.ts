import { randomUUID } from 'node:crypto';
import { delivered, limited, rejected, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { evenRandom, scriptedChannel, scriptedKind } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { encodeReply } from '../../adapters/telegram/encode-reply.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { AutomaticAnswer } from '../../core/inbox/automatic-answer.ts';
import { createDirectory } from '../directory/directory.ts';
import { type AnswerDeps, answerAutomatically } from './answer-automatically.ts';
import { automaticJob } from './automatic-job.ts';

const rig = await startDeliveryRig();
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const openInbox = (): never => {
  throw new Error('an automatic answer asks no inbox');
};
const welcome: AutomaticAnswer = { kind: 'welcome', text: 'Welcome!', everyMinutes: null };
const away: AutomaticAnswer = { kind: 'out-of-office', text: 'Away', everyMinutes: 60 };
let updates = 0;

/** A process that sends answers to a chat of its own. */
function startAnswering(...script: readonly SendOutcome[]) {
  const process = rig.startProcess(...script);
  const { clock } = process;
  const deps: AnswerDeps = {
    store: rig.store,
    directory: createDirectory(
      { store: rig.store, sharedOriginOf: () => '', openChannel: () => scriptedChannel({}), openInbox },
      clock,
      () => 5_000,
    ),
    kind: { ...scriptedKind, encodeReply },
    deliver: ({ intent }) => process.deliver(intent, { deadlineMs: null }),
    clock,
    random: { ...evenRandom, uuid: randomUUID },
    log: quiet,
    epoch: rig.epoch,
  };
  const { chatId } = rig.anIntent();
  const chat = { chatId, kind: 'private', title: 'Grace', username: null, topicId: null } as const;
  return {
    process,
    chatId,
    jobFor(answer: AutomaticAnswer) {
      updates += 1;
      const payload = automaticJob(answer, {
        channelId: rig.channel.id,
        chat,
        cause: String(updates),
        nowMs: clock.nowMs(),
      });
      const lane = {
        key: 'automatic',
        party: 'inbox:chn_1',
        workspaceId: rig.channel.workspaceId,
        lease: '',
        failures: 0,
        starts: 1,
        watchedTo: 0,
        jobs: [],
      };
      return () => answerAutomatically(deps, lane, { seq: 1, kind: 'automatic', payload });
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
    ['it is unknown whether it arrived', { kind: 'uncertain', detail: 'reset' } as const],
    ['Telegram refuses it', rejected('recipient-gone')],
  ])('is not sent again if %s', async (_what, outcome) => {
    const { process, jobFor } = startAnswering(outcome);
    const job = jobFor(welcome);
    expect([await job(), await job()]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(process.sent).toHaveLength(1);
  });

  it('waits as long as Telegram asks, and is then sent', async () => {
    const { process, jobFor } = startAnswering(limited(60_000), delivered());
    const job = jobFor(welcome);
    expect(await job()).toMatchObject({ kind: 'later' });
    await rig.database.pool.query('update chats set paused_until = null');
    expect(await job()).toEqual({ kind: 'done' });
    expect(process.sent).toHaveLength(2);
  });

  it('is tried later if Telegram refuses the bot token while it waits for its chat', async () => {
    const { process, jobFor, chatId } = startAnswering(rejected('channel-broken'));
    const earlier = process.deliver({ ...rig.anIntent(), chatId });
    const job = jobFor(welcome);
    const [{ kind }, end] = await Promise.all([earlier, job()]);
    expect([kind, end]).toEqual([
      'failed',
      { kind: 'later', wishMs: 2_500, exactly: true, detail: 'Telegram refuses the bot token' },
    ]);
    expect(process.sent).toHaveLength(1);
    process.clock.advance(5_000);
    expect(await job()).toEqual({ kind: 'done' });
    await rig.store.channels.markActive(rig.channel.id);
  });

  it('is given up when it would come too late', async () => {
    const { process, jobFor } = startAnswering();
    const job = jobFor(welcome);
    process.clock.advance(16 * 60_000);
    expect(await job()).toEqual({ kind: 'done' });
    expect(process.sent).toEqual([]);
  });

  it('is repeated after its interval, or before that if it never arrived', async () => {
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

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { At } from '@chatferry/sandbox';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { connectBot, disturbSend, type ProcessBot, sendTo } from './process-bot.ts';
import type { RunningGateway } from './process-rig.ts';
import { openReplicaRig, type ReplicaRig } from './replica-rig.ts';

beforeAll(buildPrograms, buildLimitMs);

const journalOf = ({ dataDir }: ReplicaRig): string => join(dataDir, 'journal');
const journaledResults = (rig: ReplicaRig): readonly string[] =>
  readdirSync(journalOf(rig)).filter((file) => file.startsWith('results-'));

/** A process counts as dead after 9 s of silence, seen at intervals of 3 s. A busy machine takes longer. */
const silenceLimitMs = 60_000;

interface Sending {
  readonly rig: ReplicaRig;
  readonly gateway: RunningGateway;
  readonly bot: ProcessBot;
  readonly chat: At;
}

async function openSending(rig: ReplicaRig): Promise<Sending> {
  const gateway = await rig.start();
  const bot = await connectBot(rig, gateway);
  return { rig, gateway, bot, chat: bot.newChat() };
}

/** Sends, and takes the database away after Telegram has the message and before it answers. */
async function sendWhileStoreGoes({ rig, gateway, bot, chat }: Sending) {
  disturbSend(rig.sandbox, chat, { kind: 'delay-after', delayMs: 3_000 });
  const answering = sendTo(gateway, bot, chat, 'Unanswered');
  await eventually(() => expect(bot.textsIn(chat)).toHaveLength(1));
  await rig.setAway(true);
  return answering;
}

/** Two of these wait for the silence after which a process counts as dead, by the real clock. They wait at the same time. */
describe.concurrent('a result that the database cannot store', { timeout: 120_000 }, () => {
  it('is a 201 from the flushed journal, and is known after kill -9 and a restart', async (context) => {
    const rig = await openReplicaRig(context);
    const sending = await openSending(rig);
    const { gateway: first, bot, chat } = sending;
    const { status, body } = await sendWhileStoreGoes(sending);
    expect([status, journaledResults(rig).length]).toEqual([201, 1]);
    // For the next message there is no database before it is sent.
    expect((await sendTo(first, bot, chat, 'Not now')).status).toBe(503);
    first.kill('SIGKILL');
    await first.ended;
    await rig.setAway(false);

    const second = await rig.start();
    expect(second.logged('results.replayed')).toMatchObject({ count: 1 });
    expect((await bot.listMessages(second, chat)).at(-1)).toMatchObject({
      id: body.message_id,
      state: 'sent',
      channel_message_id: body.channel_message_id,
    });
    expect(journaledResults(rig)).toEqual([]);
    // What the killed process had in hand is taken over when it has been silent for long enough.
    await eventually(() => expect(bot.entries().join()).toContain('Unanswered'), silenceLimitMs);
    expect((await sendTo(second, bot, chat, 'Afterwards')).status).toBe(201);
    expect(bot.textsIn(chat)).toEqual(['Unanswered', 'Afterwards']);
  });

  it('is stored by the same process when the database is back, and the chat can be written to', async (context) => {
    const rig = await openReplicaRig(context);
    const sending = await openSending(rig);
    const { gateway, bot, chat } = sending;
    expect((await sendWhileStoreGoes(sending)).status).toBe(201);
    await rig.setAway(false);
    await eventually(
      async () => expect((await sendTo(gateway, bot, chat, 'Afterwards')).status).toBe(201),
      silenceLimitMs,
    );
    expect((await bot.listMessages(gateway, chat)).at(-1)).toMatchObject({ state: 'sent' });
    await eventually(() => expect(journaledResults(rig)).toEqual([]), silenceLimitMs);
    expect(bot.textsIn(chat)).toEqual(['Unanswered', 'Afterwards']);
  });

  it('is a 504 when the disk cannot store it either, and unknown after kill -9', async (context) => {
    const rig = await openReplicaRig(context);
    const sending = await openSending(rig);
    const { gateway: first, bot, chat } = sending;
    rmSync(journalOf(rig), { recursive: true });
    writeFileSync(journalOf(rig), 'in the way');
    const { status, body } = await sendWhileStoreGoes(sending);
    expect([status, body.error_code]).toEqual([504, 154]);
    first.kill('SIGKILL');
    await first.ended;
    await rig.setAway(false);
    rmSync(journalOf(rig));
    mkdirSync(journalOf(rig));

    const second = await rig.start();
    await eventually(
      async () => expect(await bot.listMessages(second, chat)).toMatchObject([{ state: 'unknown' }]),
      silenceLimitMs,
    );
    expect(bot.textsIn(chat)).toEqual(['Unanswered']);
  });
});

describe('a gateway whose data folder cannot hold a journal', { timeout: 60_000 }, () => {
  it('does not start, and says what to do', async (context) => {
    const rig = await openReplicaRig(context);
    mkdirSync(rig.dataDir);
    writeFileSync(journalOf(rig), 'in the way');
    const { exitCode, stderr } = await rig.startInVain();
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/data folder .*journal\) cannot be used: .*Move that file away/),
    ]);
  });
});

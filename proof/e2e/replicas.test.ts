import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { connectBot, disturbIntercom, disturbSend, sendTo } from './process-bot.ts';
import { openReplicaRig } from './replica-rig.ts';

beforeAll(buildPrograms, buildLimitMs);

/** For what takes milliseconds on an idle machine. */
const limitMs = 30_000;

describe('replicas on one database', { timeout: 120_000 }, () => {
  it('send and mirror each message once and in order, whichever of them accepts it', async (context) => {
    const rig = await openReplicaRig(context);
    const [one, other] = await Promise.all([rig.start(), rig.start()]);
    const bots = await Promise.all([1, 2, 3, 4].map(() => connectBot(rig, one)));
    const chats = bots.map((bot) => ({ bot, chat: bot.newChat() }));
    const texts = Array.from({ length: 6 }, (_, index) => `message ${index}`);
    for (const [index, text] of texts.entries()) {
      const through = index % 2 === 0 ? one : other;
      const answers = await Promise.all(chats.map(({ bot, chat }) => sendTo(through, bot, chat, text)));
      expect(answers.map(({ status }) => status)).toEqual(chats.map(() => 201));
    }
    for (const { bot, chat } of chats) {
      expect(bot.textsIn(chat)).toEqual(texts);
      const shown = () => bot.entries().flatMap((text) => /message \d/.exec(text)?.[0] ?? []);
      await eventually(() => expect(shown().length).toBeGreaterThanOrEqual(texts.length), limitMs);
      expect(shown()).toEqual(texts);
    }
  });

  it('divide requests and inbox work by CHATFERRY_ROLE', async (context) => {
    const rig = await openReplicaRig(context);
    const serving = await rig.start({ CHATFERRY_ROLE: 'serve' });
    const bot = await connectBot(rig, serving);
    const chat = bot.newChat();
    expect((await sendTo(serving, bot, chat, 'Served')).status).toBe(201);
    expect(await bot.listMessages(serving, chat)).toMatchObject([{ mirror: { state: 'pending' } }]);
    expect(bot.entries()).toEqual([]);

    const working = await rig.start({ CHATFERRY_ROLE: 'work' });
    expect([working.url, working.logged('gateway.ready')]).toEqual(['', expect.objectContaining({ address: null })]);
    rig.sandbox.telegram.text(chat, { text: 'Thank you' });
    await eventually(() => expect(bot.entries().join()).toMatch(/Served.*Thank you|Thank you.*Served/s), limitMs);
    await eventually(async () =>
      expect(await bot.listMessages(serving, chat)).toMatchObject([{ mirror: { state: 'done' } }]),
    );
    working.kill('SIGTERM');
    expect(await working.ended).toMatchObject({ exitCode: 0 });
    expect((await serving.call('/readyz')).status).toBe(200);
  });
});

/** These two wait for the silence after which a process counts as dead: 9 s, by the real clock. They wait at the same time. */
describe.concurrent('replicas that are silent for a while', { timeout: 120_000 }, () => {
  it('judge within 20 s what a dead and a paused one left, which changes nothing when it continues', async (context) => {
    const rig = await openReplicaRig(context);
    const { telegram, faults } = rig.sandbox;
    const [paused, doomed] = await Promise.all([rig.start(), rig.start({ CHATFERRY_ROLE: 'serve' })]);
    const bot = await connectBot(rig, paused);
    const [chat, pausedChat, doomedChat] = [bot.newChat(), bot.newChat(), bot.newChat()];
    expect((await sendTo(paused, bot, chat, 'Before')).status).toBe(201);
    const entries = () => bot.entries().join('\n');
    await eventually(() => expect(entries()).toContain('Before'), limitMs);
    // One replica stops with a message sent, and with a lane and a poll in its hands; the other dies with a message sent.
    disturbIntercom(rig.sandbox, { kind: 'hang-before' });
    expect((await sendTo(paused, bot, chat, 'In its lane')).status).toBe(201);
    const readLeases = () => rig.database.pool.query('select 1 from lanes where lease is not null');
    await eventually(async () => expect((await readLeases()).rowCount).toBe(1), limitMs);
    const survivor = await rig.start();
    disturbSend(rig.sandbox, pausedChat, { kind: 'delay-after', delayMs: 1_000 });
    disturbSend(rig.sandbox, doomedChat, { kind: 'hang-after' });
    const answering = sendTo(paused, bot, pausedChat, 'Unanswered');
    const cutOff = sendTo(doomed, bot, doomedChat, 'Unanswered').catch((cause: unknown) => cause);
    const leftChats = [pausedChat, doomedChat];
    await eventually(() => expect(leftChats.map(bot.textsIn)).toEqual([['Unanswered'], ['Unanswered']]));
    paused.kill('SIGSTOP');
    doomed.kill('SIGKILL');
    faults.clear();
    expect(await cutOff).toBeInstanceOf(Error);

    telegram.text(chat, { text: 'Anyone there?' });
    const readStates = async () =>
      (await Promise.all(leftChats.map((at) => bot.listMessages(survivor, at)))).flat().map(({ state }) => state);
    await eventually(async () => expect(await readStates()).toEqual(['unknown', 'unknown']), 20_000);
    await eventually(() => expect(entries()).toMatch(/In its lane.*Anyone there/s), limitMs);
    for (const at of leftChats) expect((await sendTo(survivor, bot, at, 'Next')).status).toBe(201);

    paused.kill('SIGCONT');
    // Telegram had answered while the replica was paused: that counts.
    expect((await answering).status).toBe(201);
    expect((await bot.listMessages(survivor, pausedChat)).map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect((await sendTo(paused, bot, chat, 'Afterwards')).status).toBe(201);
    await eventually(() => expect(entries()).toContain('Afterwards'), limitMs);
    for (const text of ['In its lane', 'Anyone there?', 'Afterwards']) expect(entries().split(text)).toHaveLength(2);
    for (const at of leftChats) expect(bot.textsIn(at)).toEqual(['Unanswered', 'Next']);
  });

  it('do not judge each other after a long outage of the database', async (context) => {
    const rig = await openReplicaRig(context);
    const replicas = await Promise.all([rig.start(), rig.start()]);
    const bot = await connectBot(rig, replicas[0]);
    const sends = replicas.map((replica) => ({ replica, chat: bot.newChat() }));
    // Longer than the outage, and longer than a living process is silent after it.
    for (const { chat } of sends) disturbSend(rig.sandbox, chat, { kind: 'delay-after', delayMs: 12_000 });
    const answering = Promise.all(sends.map(({ replica, chat }) => sendTo(replica, bot, chat, 'Unanswered')));
    await eventually(() => {
      for (const { chat } of sends) expect(bot.textsIn(chat)).toHaveLength(1);
    });
    await rig.setAway(true);
    await rig.setAway(false);
    // As if the outage had lasted an hour: no sign of life is younger.
    await rig.database.pool.query(`update processes set alive_until = alive_until - interval '1 hour'`);
    expect((await answering).map(({ status }) => status)).toEqual([201, 201]);
    for (const gateway of replicas) expect(gateway.logged('flights.recovered')).toBeNull();
    for (const gateway of replicas) expect(gateway.logged('processes.buried')).toBeNull();
  });
});

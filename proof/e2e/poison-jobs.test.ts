import { readSignsOfLife, removeDeadProcesses } from '@chatferry/gateway/internal/store/processes';
import type { At } from '@chatferry/sandbox';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { eventually } from './eventually.ts';
import { connectBot, type ProcessBot } from './process-bot.ts';
import type { RunningGateway } from './process-rig.ts';
import { openReplicaRig, type ReplicaRig } from './replica-rig.ts';

beforeAll(buildPrograms, buildLimitMs);

/** For what takes a few seconds on an idle machine. */
const limitMs = 120_000;
const hangLimitSeconds = 2;
const nodeOptions = ['--max-old-space-size=96'];

/** Two gateways on one database, each started again when it ends, as a supervisor does. */
async function openSupervisedReplicas(context: TestContext, settings: Readonly<Record<string, string>>) {
  const rig = await openReplicaRig(context, { program: 'poisoned', nodeOptions });
  const running = new Set<RunningGateway>();
  const ended: RunningGateway[] = [];
  let isOver = false;
  context.onTestFinished(() => {
    isOver = true;
  });

  const supervise = async (gateway: RunningGateway): Promise<void> => {
    running.add(gateway);
    await gateway.ended;
    running.delete(gateway);
    if (isOver) return;
    ended.push(gateway);
    supervise(await rig.start(settings)).catch(() => undefined);
  };
  const [one, other] = await Promise.all([rig.start(settings), rig.start(settings)]);
  const bot = await connectBot(rig, one);
  for (const gateway of [one, other]) supervise(gateway).catch(() => undefined);
  return {
    rig,
    bot,
    ended,
    /** One of the gateways that run. */
    anyGateway() {
      const [gateway] = running;
      if (gateway === undefined) throw new Error('no gateway runs');
      return gateway;
    },
  };
}

/** What another replica does nine seconds after the process that has this chat's lane has died. */
async function buryOwnerOf({ database: { pool } }: ReplicaRig, { chat_id }: At): Promise<void> {
  const { rows } = await pool.query('select epoch from lanes where lease is not null and key like $1', [
    `%:${chat_id}`,
  ]);
  const owners = (await readSignsOfLife(pool)).filter(({ epoch }) => epoch === rows[0]?.epoch);
  await removeDeadProcesses(pool, owners);
}

/** As if the job had ended three processes, not one. Until the last one is buried, no process begins the job. */
async function countThreeDeaths({ database: { pool } }: ReplicaRig, { chat_id }: At): Promise<void> {
  const { rowCount } = await pool.query('update lanes set starts = greatest(starts, 3) where key like $1', [
    `%:${chat_id}`,
  ]);
  expect(rowCount).toBe(1);
}

const hasEntry = (bot: ProcessBot, text: string): Promise<void> =>
  eventually(() => expect(bot.entries().join('\n')).toContain(text), limitMs);

describe.concurrent('a job', { timeout: 400_000 }, () => {
  it.for([
    { does: 'kills its process', poison: 'kill', signal: 'SIGKILL', settings: {}, deaths: [1, 2, 3, 4, 5] },
    {
      does: 'blocks its event loop',
      poison: 'hang',
      signal: 'SIGKILL',
      settings: { CHATFERRY_HANG_LIMIT_SECONDS: String(hangLimitSeconds) },
      deaths: [1, 4, 5],
    },
    { does: 'fills its memory', poison: 'memory', signal: 'SIGABRT', settings: {}, deaths: [1, 4, 5] },
  ])(
    'that $does becomes a dead letter, and others are served',
    async ({ poison, signal, settings, deaths }, context) => {
      const { rig, bot, ended, anyGateway } = await openSupervisedReplicas(context, settings);
      const { telegram } = rig.sandbox;
      const chat = bot.newChat();
      telegram.text(chat, { text: `poison: ${poison}` });
      for (const [index, death] of deaths.entries()) {
        await eventually(() => expect(ended.length).toBeGreaterThan(index), limitMs);
        telegram.text(bot.newChat(), { text: `Of another customer, ${death}` });
        // The case in which a process is killed goes the whole way. The others differ in how the process ends.
        if (index === 0 && deaths.length < 5) await countThreeDeaths(rig, chat);
        await buryOwnerOf(rig, chat);
        await hasEntry(bot, `Of another customer, ${death}`);
      }
      telegram.text(chat, { text: 'The next one of this customer' });
      await hasEntry(bot, 'The next one of this customer');
      const waiting = async () => (await anyGateway().admin('/api/v1/dead-letters')).body.data;
      const given = [{ state: 'waiting', cause: expect.stringContaining('started 5 times') }];
      await eventually(async () => expect(await waiting()).toMatchObject(given), limitMs);
      expect(await Promise.all(ended.map((gateway) => gateway.ended))).toMatchObject(ended.map(() => ({ signal })));
      if (poison === 'hang') {
        const hung = ended.map((gateway) => gateway.logged('process.hung'));
        const named = expect.stringContaining(String(chat.chat_id));
        expect(hung).toMatchObject(
          hung.map(() => ({ seconds: hangLimitSeconds, jobs: expect.arrayContaining([named]) })),
        );
        // The last time it ran alone.
        expect(hung.at(-1)).toMatchObject({ level: 'error', jobs: [named] });
      }

      // A person tries it again: it is started again, maybe in the gateway that is asked, which then cannot answer any more.
      const deathsBefore = ended.length;
      const replayed = await anyGateway()
        .admin('/api/v1/dead-letters/replay', {})
        .catch(() => null);
      if (replayed !== null) expect(replayed.body).toMatchObject({ replayed: 1 });
      await eventually(() => expect(ended.length).toBeGreaterThan(deathsBefore), limitMs);
    },
  );
});

import { randomBytes } from 'node:crypto';
import { channelAdapter } from '@chatferry/gateway/internal/adapters/registry';
import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import type { ChannelKind } from '@chatferry/gateway/internal/ports/channel-kind';
import type { Random } from '@chatferry/gateway/internal/ports/clock';
import { systemClock } from '@chatferry/gateway/internal/process/system-clock';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import { registerProcess } from '@chatferry/gateway/internal/store/processes';
import { createStore, type Store } from '@chatferry/gateway/internal/store/store';
import { freshDatabase, type TestDatabase } from '../postgres/postgres.ts';

/** The real store on a database of its own, as one process sees it. */
export interface EngineRig {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly epoch: number;
  /** The same database as another process sees it. */
  anotherProcess(): Promise<{ readonly store: Store; readonly epoch: number }>;
  /** A stored channel of a bot, in a workspace of its own. */
  addChannel(change?: Partial<Pick<ChannelRecord, 'updates'>>): Promise<ChannelRecord>;
}

export async function startEngineRig(): Promise<EngineRig> {
  const database = await freshDatabase();
  const { pool } = database;
  const chain = { key: randomBytes(32), unkeyed: { entries: 0, lastId: 0, head: '' } };
  const anotherProcess = async () => {
    const epoch = await registerProcess(pool, false);
    const retention = { messagesDays: 30, updatesDays: 30, eventsDays: 30, contactsDays: 400 };
    return {
      store: createStore(pool, {
        epoch,
        retention,
        chain,
        clock: systemClock,
        schedule: setImmediate,
        digestOf: Buffer.from,
      }),
      epoch,
    };
  };
  const { store, epoch } = await anotherProcess();
  await store.retention.ensurePartitions();
  let count = 0;

  return {
    database,
    store,
    epoch,
    anotherProcess,
    async addChannel(change = {}) {
      count += 1;
      const workspace = await store.workspaces.insert({
        id: `wsp_${count}`,
        name: 'Acme',
        inboxKind: 'intercom',
        inboxSettings: {},
        inboxCredential: Buffer.from('sealed'),
        defaultSender: null,
        inboxAccount: null,
        hookPath: `path_${count}`,
      });
      if (!workspace) throw new Error('the account has a workspace already');
      const channel = await store.channels.insert({
        id: `chn_${count}`,
        workspaceId: workspace.id,
        name: '@acme_bot',
        bot: { botId: String(7_000 + count), username: 'acme_bot', name: 'Acme', supportsInlineQueries: false },
        token: Buffer.from('sealed'),
        webhookSecret: Buffer.from('sealed'),
        hookPath: `path_${count}`,
        updates: 'polling',
        apiRoot: 'http://127.0.0.1:1',
        fileRoot: 'http://127.0.0.1:1',
        inboxRef: {},
        ...change,
      });
      if (!channel) throw new Error('the bot has a channel already');
      return channel;
    },
  };
}

const unscripted = (): never => {
  throw new Error('this call is not in the script');
};

/** A scripted bot: it does what the test says, and nothing else. */
export const scriptedChannel = (script: Partial<Channel>): Channel => ({
  send: unscripted,
  showActivity: unscripted,
  describe: unscripted,
  answerTap: unscripted,
  change: unscripted,
  editButtons: unscripted,
  answerInlineQuery: unscripted,
  download: unscripted,
  reachFiles: unscripted,
  registerWebhook: unscripted,
  removeWebhook: unscripted,
  webhookStatus: unscripted,
  poll: unscripted,
  ...script,
});

/** A kind of channel whose messages can get another address, and nothing else. */
export const scriptedKind: ChannelKind = {
  ...channelAdapter.facts,
  encode: unscripted,
  encodeReply: unscripted,
  readdress: (wire, chatId) => ({ ...wire, chat_id: chatId }),
  amend: (wire, amendment) => ({ ...wire, amended: amendment }),
  decode: unscripted,
  buttonsAfterTap: unscripted,
  traceOf: () => null,
  fingerprintOf: () => null,
  identify: unscripted,
  verify: unscripted,
  open: unscripted,
};

/** The middle of every jitter. */
export const evenRandom: Random = {
  uniform: () => 0.5,
  bytes: (count) => Buffer.alloc(count),
  uuid: () => '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a',
};

import { randomUUID } from 'node:crypto';
import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedChannel, scriptedKind, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import { plain } from '../../core/message/rich-text.ts';
import type { DeliveryReport, InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';

import type { Delivery, DeliveryRequest } from '../send/delivery.ts';
import type { CarriedReply } from './carried-reply.ts';
import { type CarryDeps, type CarryStore, carryReply, replyFileRoomLimits } from './carry-reply.ts';
import { createFileRoom } from './file-room.ts';

const { store, epoch, addChannel } = await startEngineRig();
const channel = await addChannel();
let replies = 0;

const aReply = (): AgentReply => {
  replies += 1;
  return {
    conversationId: 'conversation',
    entryId: `entry-${replies}`,
    author: { id: 'admin-1', name: 'Ada', kind: 'teammate' },
    body: plain('Hello'),
    attachments: [],
    quickReplies: [],
    happenedAtMs: 0,
    markedOurs: false,
    textHash: '',
  };
};

/** Carries a reply between a scripted store, channel and inbox. `state` is the channel's at the time. */
function arrange(reply: AgentReply) {
  const clock = createVirtualClock();
  const reports: DeliveryReport['kind'][] = [];
  const world = {
    state: 'active' as ChannelRecord['state'],
    report: { kind: 'ok', value: true } as InboxOutcome<true>,
    /** How the delivery ends, after the intent was stored as `deliver` stores it. */
    delivery: 'sent' as 'sent' | 'unknown',
    sends: 0,
    faults: {} as {
      readonly reconciliation?: Partial<CarryStore['reconciliation']>;
      readonly idempotency?: Partial<CarryStore['idempotency']>;
    },
  };

  async function deliver({ intent }: DeliveryRequest): Promise<Delivery> {
    const taken = await store.intents.record(intent);
    if (taken.kind !== 'taken') throw new Error(`the chat was ${taken.kind}`);
    const { flight } = taken;
    const { messageId } = flight;
    world.sends += 1;
    const failure = { name: 'OUTCOME_UNKNOWN', reason: 'no answer' } as const;
    const rest = { flight, detail: null } as const;
    if (world.delivery === 'sent') {
      await store.results.record({
        ...rest,
        state: 'sent',
        outcome: 'delivered',
        channelMessageId: '7',
        failure: null,
      });
      return { kind: 'sent', messageId, channelMessageId: '7', amended: [] };
    }
    await store.results.record({ ...rest, state: 'unknown', outcome: 'uncertain', channelMessageId: null, failure });
    return { kind: 'unknown', messageId, failure };
  }

  const encodeReply = () => [
    { wire: { text: 'Hello' }, content: { text: 'Hello', controls: { kind: 'none' } }, activity: null } as const,
  ];
  const carry = () => {
    const deps: CarryDeps = {
      store: {
        ...store,
        reconciliation: { ...store.reconciliation, ...world.faults.reconciliation },
        idempotency: { ...store.idempotency, ...world.faults.idempotency },
      },
      channelKind: { ...scriptedKind, encodeReply },
      deliver,
      renewLeaseWhile: (_lane, work) => work(),
      replyFileRoom: createFileRoom(replyFileRoomLimits),
      clock,
      random: { uniform: () => 0.5, bytes: Buffer.alloc, uuid: randomUUID },
      epoch,
    };
    return carryReply(
      deps,
      {
        workspace: {
          record: { id: channel.workspaceId },
          inbox: {
            reportDelivery: async (_reply: unknown, { kind }: DeliveryReport) => {
              reports.push(kind);
              return world.report;
            },
          },
        },
        open: { record: { ...channel, state: world.state }, channel: scriptedChannel({}) },
        key: { workspaceId: channel.workspaceId, channelId: channel.id, chatId: String(replies), topicId: '0' },
        reply,
        lane: {
          key: 'relay',
          workspaceId: channel.workspaceId,
          lease: 'l',
          failures: 0,
          starts: 1,
          watchedTo: 0,
          jobs: [],
        },
        receivedAtMs: clock.nowMs(),
      } as unknown as CarriedReply,
      reply,
    );
  };
  return { world, reports, carry, clock };
}

describe('a reply whose event arrives again', () => {
  it('is not reported as failed if it was delivered before the channel broke', async () => {
    const { world, reports, carry } = arrange(aReply());
    expect(await carry()).toEqual({ kind: 'done' });
    world.state = 'broken';
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.sends, reports]).toEqual([1, []]);
  });

  it('is not sent after its agent was told, or may have been told, that it was not sent', async () => {
    const { world, reports, carry } = arrange(aReply());
    world.state = 'broken';
    world.report = { kind: 'uncertain', detail: 'no answer' };
    expect(await carry()).toMatchObject({ kind: 'later' });
    world.state = 'active';
    world.report = { kind: 'ok', value: true };
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.sends, reports]).toEqual([0, ['failed', 'failed']]);
  });

  it('is not sent again if its outcome is unknown and the store failed while its agent was told', async () => {
    const { world, reports, carry } = arrange(aReply());
    world.delivery = 'unknown';
    world.faults = {
      reconciliation: { markReported: () => Promise.reject(new Error('Connection terminated unexpectedly')) },
    };
    await expect(carry()).rejects.toThrow('Connection terminated');
    world.faults = {};
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.sends, reports]).toEqual([1, ['unknown', 'unknown']]);
  });

  it('is sent if its refusal could not be stored before', async () => {
    const { world, reports, carry } = arrange(aReply());
    world.state = 'broken';
    world.faults = {
      idempotency: { storeAnswer: () => Promise.reject(new Error('Connection terminated unexpectedly')) },
    };
    await expect(carry()).rejects.toThrow('Connection terminated');
    world.faults = {};
    world.state = 'active';
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.sends, reports]).toEqual([1, []]);
  });

  it('is left to the process that took it over', async () => {
    const { world, reports, carry } = arrange(aReply());
    world.state = 'broken';
    world.faults = { idempotency: { storeAnswer: async () => false } };
    expect(await carry()).toMatchObject({ kind: 'later', detail: 'this reply is already on its way' });
    expect(reports).toEqual([]);
  });
});

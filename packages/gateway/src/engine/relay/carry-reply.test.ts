import { randomUUID } from 'node:crypto';
import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedChannel, scriptedKind, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import { plain } from '../../core/message/rich-text.ts';
import type { DeliveryReport, InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { Delivery, DeliveryRequest } from '../send/deliver.ts';
import { type CarryStore, createCarrier, type Scene } from './carry-reply.ts';

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

/** A carrier whose far sides do as they are told; `state` is the channel's at the time. */
function arrange(reply: AgentReply) {
  const clock = createVirtualClock();
  const reports: DeliveryReport['kind'][] = [];
  const far = {
    state: 'active' as ChannelRecord['state'],
    report: { kind: 'ok', value: true } as InboxOutcome<true>,
    /** What the delivery comes to, once the intent is stored as `deliver` does. */
    delivery: 'sent' as 'sent' | 'unknown',
    sends: 0,
    faults: {} as {
      readonly reconciliation?: Partial<CarryStore['reconciliation']>;
      readonly idempotency?: Partial<CarryStore['idempotency']>;
    },
  };

  async function deliver({ intent }: DeliveryRequest): Promise<Delivery> {
    const taken = await store.intents.record(intent);
    if (taken.kind !== 'taken') throw new Error(`the lane was ${taken.kind}`);
    const { flight } = taken;
    const { messageId } = flight;
    far.sends += 1;
    const failure = { name: 'OUTCOME_UNKNOWN', reason: 'no answer' } as const;
    const rest = { flight, detail: null } as const;
    if (far.delivery === 'sent') {
      await store.results.record({
        ...rest,
        state: 'sent',
        outcome: 'delivered',
        channelMessageId: '7',
        failure: null,
      });
      return { kind: 'sent', messageId, channelMessageId: '7' };
    }
    await store.results.record({ ...rest, state: 'unknown', outcome: 'uncertain', channelMessageId: null, failure });
    return { kind: 'unknown', messageId, failure };
  }

  const encodeReply = () => [
    { wire: { text: 'Hello' }, content: { text: 'Hello', controls: { kind: 'none' } }, activity: null } as const,
  ];
  const carry = () =>
    createCarrier({
      store: {
        ...store,
        reconciliation: { ...store.reconciliation, ...far.faults.reconciliation },
        idempotency: { ...store.idempotency, ...far.faults.idempotency },
      },
      channelKind: { ...scriptedKind, encodeReply },
      deliver,
      holdLane: (_lane, work) => work(),
      clock,
      random: { uniform: () => 0.5, bytes: Buffer.alloc, uuid: randomUUID },
      epoch,
    })({
      workspace: {
        record: { id: channel.workspaceId },
        inbox: {
          reportDelivery: async (_reply: unknown, { kind }: DeliveryReport) => {
            reports.push(kind);
            return far.report;
          },
        },
      },
      open: { record: { ...channel, state: far.state }, channel: scriptedChannel({}) },
      key: { workspaceId: channel.workspaceId, channelId: channel.id, chatId: String(replies), topicId: '0' },
      reply,
      lane: { key: 'relay', workspaceId: channel.workspaceId, lease: 'l', failures: 0, jobs: [] },
      receivedAtMs: clock.nowMs(),
    } as unknown as Scene);
  return { far, reports, carry, clock };
}

describe('a reply that an event tells of again', () => {
  it('is not reported as failed where it was delivered before the channel broke', async () => {
    const { far, reports, carry } = arrange(aReply());
    expect(await carry()).toEqual({ kind: 'done' });
    far.state = 'broken';
    expect(await carry()).toEqual({ kind: 'done' });
    expect([far.sends, reports]).toEqual([1, []]);
  });

  it('is not sent any more once its agent was told, or may have been told, that it was not', async () => {
    const { far, reports, carry } = arrange(aReply());
    far.state = 'broken';
    far.report = { kind: 'uncertain', detail: 'no answer' };
    expect(await carry()).toMatchObject({ kind: 'later' });
    far.state = 'active';
    far.report = { kind: 'ok', value: true };
    expect(await carry()).toEqual({ kind: 'done' });
    expect([far.sends, reports]).toEqual([0, ['failed', 'failed']]);
  });

  it('is not sent again where it is unknown, and the store failed while its agent was told', async () => {
    const { far, reports, carry } = arrange(aReply());
    far.delivery = 'unknown';
    far.faults = {
      reconciliation: { markReported: () => Promise.reject(new Error('Connection terminated unexpectedly')) },
    };
    await expect(carry()).rejects.toThrow('Connection terminated');
    far.faults = {};
    expect(await carry()).toEqual({ kind: 'done' });
    expect([far.sends, reports]).toEqual([1, ['unknown', 'unknown']]);
  });

  it('is decided afresh where its refusal could not be stored', async () => {
    const { far, reports, carry } = arrange(aReply());
    far.state = 'broken';
    far.faults = {
      idempotency: { storeAnswer: () => Promise.reject(new Error('Connection terminated unexpectedly')) },
    };
    await expect(carry()).rejects.toThrow('Connection terminated');
    far.faults = {};
    far.state = 'active';
    expect(await carry()).toEqual({ kind: 'done' });
    expect([far.sends, reports]).toEqual([1, []]);
  });

  it('is left to the process that took it over', async () => {
    const { far, reports, carry } = arrange(aReply());
    far.state = 'broken';
    far.faults = { idempotency: { storeAnswer: async () => false } };
    expect(await carry()).toMatchObject({ kind: 'later', detail: 'this reply is already on its way' });
    expect(reports).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedChannel, scriptedKind, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { Amended } from '../../core/delivery/amendment.ts';
import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import type { OutgoingReply } from '../../core/inbox/prepare-reply.ts';
import { createFileBudget } from '../../core/memory/file-budget.ts';
import { plain } from '../../core/message/rich-text.ts';
import type { AttachmentOutcome, DownloadLimits } from '../../ports/attachment.ts';
import type { EncodedReply } from '../../ports/channel.ts';
import type { DeliveryReport, InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { Delivery, DeliveryRequest } from '../send/delivery.ts';
import type { CarriedReply } from './carried-reply.ts';
import {
  type CarryDeps,
  type CarryStore,
  carryReply,
  carryRest,
  type RestOfReply,
  replyFileLimits,
} from './carry-reply.ts';

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
  const reasons: string[] = [];
  const world = {
    state: 'active' as ChannelRecord['state'],
    report: { kind: 'ok', value: true } as InboxOutcome<true>,
    /** How the delivery ends, after the intent was stored as `deliver` stores it. */
    delivery: 'sent' as 'sent' | 'unknown',
    sends: 0,
    /** How long ago its event was received. */
    ageMs: 0,
    hasFile: false,
    /** Whether a message that is only a file is refused because of it. */
    isFileRefused: false,
    /** What fetching the file comes to, and for how long it may take. */
    fetched: { kind: 'ok', content: Buffer.from('%PDF') } as AttachmentOutcome,
    limits: [] as number[],
    /** How the provider's refusals amend each message. */
    amended: [] as readonly Amended[],
    rests: [] as RestOfReply[],
    notes: [] as string[],
    sentPieces: [] as object[],
    onSend: async (_request: DeliveryRequest): Promise<void> => undefined,
    faults: {} as {
      readonly reconciliation?: Partial<CarryStore['reconciliation']>;
      readonly idempotency?: Partial<CarryStore['idempotency']>;
    },
  };

  async function deliver(request: DeliveryRequest): Promise<Delivery> {
    await world.onSend(request);
    const { intent } = request;
    const taken = await store.intents.record(intent);
    if (taken.kind !== 'taken') throw new Error(`the chat was ${taken.kind}`);
    const { flight } = taken;
    const { messageId } = flight;
    world.sends += 1;
    world.sentPieces.push(intent.wire);
    const failure = { name: 'OUTCOME_UNKNOWN', reason: 'no answer' } as const;
    const rest = { flight, detail: null } as const;
    if (world.isFileRefused && 'file' in intent.wire) {
      const refusal = { name: 'TELEGRAM_REJECTED', reason: 'the file “a.pdf” is empty' } as const;
      await store.results.record({
        ...rest,
        state: 'failed',
        outcome: 'rejected',
        channelMessageId: null,
        failure: refusal,
      });
      return { kind: 'failed', messageId, failure: refusal };
    }
    if (world.delivery === 'sent') {
      await store.results.record({
        ...rest,
        state: 'sent',
        outcome: 'delivered',
        channelMessageId: '7',
        failure: null,
      });
      return { kind: 'sent', messageId, channelMessageId: '7', amended: world.amended };
    }
    await store.results.record({ ...rest, state: 'unknown', outcome: 'uncertain', channelMessageId: null, failure });
    return { kind: 'unknown', messageId, failure };
  }

  const controls = { kind: 'none' } as const;
  const words = { wire: { text: 'Hello' }, content: { text: 'Hello', controls }, activity: null } as const;
  const file = { url: 'https://files.test/a.pdf', name: 'a.pdf', media_type: null };
  const encodeReply = ({ body, areWordsApart = false }: OutgoingReply): readonly EncodedReply[] => {
    const said = body.text === '' ? [] : [words];
    if (!world.hasFile) return said;
    const alone: EncodedReply = { wire: { file }, content: { text: '', controls }, activity: 'document' };
    return areWordsApart || body.text === ''
      ? [...said, alone]
      : [{ ...words, wire: { caption: 'Hello', file }, activity: 'document' }];
  };
  const carry = (rest?: RestOfReply) => {
    const deps: CarryDeps = {
      store: {
        ...store,
        replyPlans: {
          ...store.replyPlans,
          queueRest: async (_reply, rest) => void world.rests.push(rest as RestOfReply),
        },
        reconciliation: { ...store.reconciliation, ...world.faults.reconciliation },
        idempotency: { ...store.idempotency, ...world.faults.idempotency },
      },
      channelKind: { ...scriptedKind, encodeReply: (_chat, outgoing) => encodeReply(outgoing) },
      deliver,
      renewLeaseWhile: (_lane, work) => work(),
      replyFileBudget: createFileBudget(replyFileLimits),
      clock,
      random: { uniform: () => 0.5, bytes: Buffer.alloc, uuid: randomUUID },
      epoch,
    };
    const inbox = {
      reportDelivery: async (_reply: unknown, report: DeliveryReport) => {
        reports.push(report.kind);
        if (report.kind !== 'delivered') reasons.push(report.reason);
        return world.report;
      },
      addNote: async ({ text }: { readonly text: string }) => {
        world.notes.push(text);
        return { kind: 'ok', value: true };
      },
      fetchAttachment: async (_url: string, { limitMs }: DownloadLimits) => {
        world.limits.push(limitMs);
        return world.fetched;
      },
    };
    const bot = scriptedChannel({ showActivity: async () => ({ kind: 'ok', value: true }) });
    const carried = {
      workspace: { record: { id: channel.workspaceId }, inbox },
      open: { record: { ...channel, state: world.state }, channel: bot },
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
      receivedAtMs: clock.nowMs() - world.ageMs,
    } as unknown as CarriedReply;
    return rest === undefined ? carryReply(deps, carried, reply) : carryRest(deps, carried, rest);
  };
  return { world, reports, reasons, carry, clock };
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

describe('a reply with a file', () => {
  const unavailable = { kind: 'unavailable', detail: 'the file server answered 503' } as const;
  const partsOf = ({ sentPieces }: { readonly sentPieces: readonly object[] }) =>
    sentPieces.map((wire) => Object.keys(wire).join());

  it('is one message if the file is at hand', async () => {
    const { world, reports, carry } = arrange(aReply());
    world.hasFile = true;
    expect(await carry()).toEqual({ kind: 'done' });
    expect([partsOf(world), world.notes, reports, world.limits]).toEqual([['caption,file'], [], [], [2_000]]);
  });

  it('sends its words at once if the file is not, and the file follows in a lane of its own', async () => {
    const { world, carry } = arrange(aReply());
    world.hasFile = true;
    world.fetched = unavailable;
    expect(await carry()).toEqual({ kind: 'done' });
    expect([partsOf(world), world.rests]).toEqual([
      ['text'],
      [{ from: 1, isPartSent: true, sinceMs: expect.any(Number) }],
    ]);
    const [rest] = world.rests;
    expect(await carry(rest)).toMatchObject({ kind: 'later', exactly: true, detail: unavailable.detail });
    world.fetched = { kind: 'ok', content: Buffer.from('%PDF') };
    expect(await carry(rest)).toEqual({ kind: 'done' });
    expect([partsOf(world), world.notes]).toEqual([['text', 'file'], []]);
  });

  it('is sent without it after a minute in which it could not be had', async () => {
    const { world, carry, clock } = arrange(aReply());
    world.hasFile = true;
    world.fetched = unavailable;
    await carry();
    const fetched: unknown[] = [];
    world.onSend = async ({ fetchAttachment }) =>
      void fetched.push(await fetchAttachment?.('', { maxBytes: 1, limitMs: 1 }));
    clock.advance(59_999);
    expect(await carry(world.rests[0])).toMatchObject({ kind: 'later' });
    clock.advance(1);
    await carry(world.rests[0]);
    expect(fetched).toEqual([{ kind: 'refused', detail: expect.stringMatching(/minute.*503/) }]);
  });

  it('has a whole minute to arrive, although its reply was received long ago', async () => {
    const { world, carry } = arrange(aReply());
    Object.assign(world, { hasFile: true, fetched: unavailable, ageMs: 10 * 60_000 });
    expect(await carry()).toEqual({ kind: 'done' });
    expect(await carry(world.rests[0])).toMatchObject({ kind: 'later' });
  });
});

describe('a file of a reply that is refused for good', () => {
  it('leaves the words delivered, and its agent is told each time that the event comes', async () => {
    const { world, reports, carry } = arrange(aReply());
    Object.assign(world, { hasFile: true, isFileRefused: true, fetched: { kind: 'refused', detail: 'expired' } });
    for (let times = 1; times <= 2; times += 1) {
      expect(await carry()).toEqual({ kind: 'done' });
      const note = 'Not sent to the customer: the file “a.pdf”: it is empty.';
      expect([world.notes, reports]).toEqual([Array(times).fill(note), Array(times).fill('delivered')]);
    }
    expect(world.sends).toBe(2);
  });

  it('fails the reply if that is only the file', async () => {
    const { world, reports, reasons, carry } = arrange({ ...aReply(), body: plain('') });
    Object.assign(world, { hasFile: true, isFileRefused: true });
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.notes, reports, reasons]).toEqual([[], ['failed'], ['the file “a.pdf”: it is empty']]);
  });
});

describe('an agent', () => {
  const omitted = [{ what: 'the image “Plan”', why: 'it leads nowhere' }];

  it('is told of each part that the customer did not get', async () => {
    const { world, carry } = arrange({ ...aReply(), omitted });
    world.amended = [
      { amendment: 'as-document', reason: 'Bad Request: IMAGE_PROCESS_FAILED' },
      { amendment: 'without-buttons', reason: 'Bad Request: BUTTON_URL_INVALID' },
    ];
    expect(await carry()).toEqual({ kind: 'done' });
    expect(world.notes).toEqual([
      'Not sent to the customer: the image “Plan”: it leads nowhere; ' +
        'the buttons: Telegram refused it (Bad Request: BUTTON_URL_INVALID).',
    ]);
  });

  it('is told by the reply itself if nothing of it went out', async () => {
    const { world, reports, reasons, carry } = arrange({ ...aReply(), body: plain(''), omitted });
    expect(await carry()).toEqual({ kind: 'done' });
    expect([world.sends, world.notes, reports]).toEqual([0, [], ['failed']]);
    expect(reasons).toEqual(['the image “Plan”: it leads nowhere']);
  });
});

import type { Call, Fault } from '@chatferry/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { gatherCrowd, liftRateLimit } from './crowd.ts';
import { type InboxKind, inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { answerIn, conversationWith, newStranger, patienceMs, type Stranger } from './stranger.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;

afterEach(() => {
  faults.clear();
  faults.endHanging();
});

const limitMs = 240_000;
const otherKind: Readonly<Record<InboxKind, InboxKind>> = { intercom: 'hubspot', hubspot: 'intercom' };

async function openBusyDesk(kind: InboxKind): Promise<AgentsDesk> {
  const desk = await openAgentsDesk(rig, kind);
  liftRateLimit(rig, desk);
  return desk;
}

const hang = (call: Pick<Fault, 'provider' | 'operation' | 'subject'>): void =>
  faults.inject({ ...call, times: 1_000_000, effect: { kind: 'hang-before' } });

/** Longer than a call for a file may hang: then the gateway makes the next one. */
const nextCallMs = 60_000;

/** Resolves with a call that began to hang after the `earlier` ones: it has the longest time until the gateway gives it up. */
const aHangingCall = (earlier: readonly Call[] = []) =>
  eventually(() => {
    const call = faults.hanging().findLast((one) => !earlier.includes(one));
    if (call === undefined) throw new Error('no call hangs');
    return call;
  }, nextCallMs);

/** The stranger gets everything before a call that hangs now has ended. */
async function isServedMeanwhile(stranger: Stranger, earlier: readonly Call[] = []): Promise<void> {
  const held = await aHangingCall(earlier);
  await stranger.isServed();
  expect(faults.hanging()).toContain(held);
}

function endFault(): void {
  faults.clear();
  faults.endHanging();
}

describe.each(inboxKinds)('with %s', (kind) => {
  it.each(['file', 'getFile'])(
    'customers whose photos hang (%s) delay no other customer of their bot, and lose nothing',
    { timeout: limitMs },
    async (operation) => {
      const desk = await openBusyDesk(kind);
      const stranger = await newStranger(desk);
      const crowd = gatherCrowd(rig, desk);
      hang({ provider: 'telegram', operation });
      await crowd.sendPhotos();
      // Words wait a second for their files, then the files wait alone, and for longer.
      await crowd.areShownOnce();
      // Without a byte a download is given up after 10 s, so the test takes the next one. getFile has two minutes.
      await isServedMeanwhile(stranger, operation === 'file' ? faults.hanging() : []);
      endFault();
      await crowd.areShownOnce();
    },
  );

  it('replies that Telegram does not answer delay no reply to another customer', { timeout: limitMs }, async () => {
    const desk = await openBusyDesk(kind);
    const stranger = await newStranger(desk);
    const crowd = gatherCrowd(rig, desk);
    await crowd.write();
    await crowd.areShownOnce();
    const conversations = crowd.at.map((at) => conversationWith(desk, crowd.wordsOf(at)).id);
    for (const { chat_id } of crowd.at)
      hang({ provider: 'telegram', operation: 'sendMessage', subject: String(chat_id) });
    for (const id of conversations) answerIn(desk, id, 'Is anyone there?');
    await isServedMeanwhile(stranger);
  });

  it('an inbox that hangs delays nothing of another inbox, and loses nothing', { timeout: limitMs }, async () => {
    const desk = await openBusyDesk(kind);
    const stranger = await newStranger(await openBusyDesk(otherKind[kind]));
    const crowd = gatherCrowd(rig, desk);
    hang({ provider: kind, operation: '*' });
    await crowd.write();
    await isServedMeanwhile(stranger);
    endFault();
    await crowd.areShownOnce();
  });

  it('an agent’s answer does not wait while the customer’s words are written', { timeout: limitMs }, async () => {
    const desk = await openBusyDesk(kind);
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hello' });
    const { id } = await eventually(() => conversationWith(desk, 'Hello'));
    desk.breakInbox({ kind: 'hang-before' });
    telegram.text(customer.at, { text: 'Are you there?' });
    const held = await aHangingCall();
    answerIn(desk, id, 'Yes, I am');
    await eventually(
      () => expect(telegram.sent(customer.at).map(({ text }) => text)).toEqual(['Yes, I am']),
      patienceMs,
    );
    expect(faults.hanging()).toContain(held);
  });
});

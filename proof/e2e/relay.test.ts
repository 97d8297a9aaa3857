import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, intercom } = rig.sandbox;

const sentTo = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);

const shownTo = (customer: Customer, ...texts: readonly string[]) =>
  eventually(() => expect(sentTo(customer)).toEqual(texts));

const message = (text: string) => ({
  type: 'highlight_reply',
  text,
  reply_markup: { force_reply: true },
});

describe.each(inboxKinds)('an agent’s answer in %s', (kind) => {
  it('reaches the customer once and in order', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Hello <b>Grace</b>');
    await desk.answer('How can I help?');
    await shownTo(customer, 'Hello Grace', 'How can I help?');
  });

  it('is told apart from the gateway’s own entries, which do not come back', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.send(customer, message('Your order number?'));
    telegram.text(customer.at, { text: 'ORD-9' });
    await eventually(() => expect(desk.conversations()[0]?.entries.length).toBeGreaterThanOrEqual(3));
    await desk.answer('Thanks');
    await shownTo(customer, 'Your order number?', 'Thanks');
  });

  it('is sent also when it has the same words as an entry that the gateway has just written', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.send(customer, message('Hello!'));
    await desk.answer('Hello!');
    await shownTo(customer, 'Hello!', 'Hello!');
  });

  it('is not sent when it is a note', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('The customer is difficult', 'note');
    await desk.answer('One moment please');
    await shownTo(customer, 'One moment please');
  });

  it('reaches the customer when it closes the conversation too, and the next answer comes back', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Solved, goodbye', 'reply-and-close');
    await shownTo(customer, 'Solved, goodbye');
    telegram.text(customer.at, { text: 'It is not' });
    await eventually(() => {
      const texts = desk.conversations().flatMap(({ entries }) => entries.map(({ text }) => text));
      expect(texts).toContain('It is not');
    });
  });

  it('that Telegram refuses is reported in the inbox with the reason', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    telegram.block(customer.at);
    await desk.answer('Are you there?');
    await eventually(() => expect(desk.problemShown()).toContain('blocked the bot'));
    expect(sentTo(customer)).toEqual([]);
  });

  it('whose outcome is unknown is not sent again, and the inbox shows this', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    await desk.answer('Did it arrive?');
    await eventually(() => expect(desk.problemShown()).toContain('it may have arrived'));
    await desk.answer('And this?');
    await shownTo(customer, 'Did it arrive?', 'And this?');
  });

  it('that is longer than a message of Telegram is split without loss', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    const sentence = 'This is one of very many sentences. ';
    await desk.answer(sentence.repeat(200).trim());
    await eventually(() => expect(sentTo(customer).join(' ')).toBe(sentence.repeat(200).trim()));
    for (const text of sentTo(customer)) expect([...(text ?? '')].length).toBeLessThanOrEqual(4096);
  });
});

describe('an inbox’s webhook', () => {
  it('is refused without the right signature, at an unknown path, and at another inbox’s path', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const { body } = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
    const path = new URL(body.webhook_url).pathname;
    const event = { type: 'notification_event', id: 'notif_1', topic: 'ping' };
    const signature = `sha1=${'0'.repeat(40)}`;
    for (const at of [path, '/hooks/intercom/unknown', path.replace('intercom', 'hubspot')]) {
      const answer = await rig.call(at, { body: event, headers: { 'x-hub-signature': signature } });
      expect([at, answer.status]).toEqual([at, 401]);
    }
  });

  it('that is delivered twice is relayed once', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    intercom.setOptions(desk.accountId, { echo: 'twice' });
    await desk.answer('Only once');
    await desk.answer('The next');
    await shownTo(customer, 'Only once', 'The next');
  });
});

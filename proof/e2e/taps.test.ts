import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const path = '/api/v1/messages';

const question = {
  type: 'reply_buttons',
  text: 'Shall we?',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Yes', callback_data: 'y1' },
        { text: 'No', callback_data: 'n1' },
      ],
    ],
  },
};

const get = async ({ bot }: AgentsDesk, url: string) =>
  (await rig.call(url, { headers: { 'x-octopods-auth': bot.key } })).body;
const tapsIn = async (desk: AgentsDesk, { chatId }: Customer) =>
  (await get(desk, `${path}?chat_id=${chatId}`)).data.filter(({ kind }: { kind: string }) => kind === 'tap');
const tap = ({ at }: Customer, messageId: number, column = 0) =>
  telegram.tap(at, { message_id: messageId, row: 0, column });
const last = ({ at }: Customer) => telegram.transcript(at).messages.at(-1)?.message_id ?? 0;

describe('a tap of a button', () => {
  it('of the seed’s endpoint says which button of which message it was, on both messages', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const sent = await desk.send(customer, question);
    tap(customer, last(customer), 1);
    const inbound = await eventually(async () => {
      const [found] = await tapsIn(desk, customer);
      expect(found.tap).toEqual({ button: 'No', data: 'n1', message_id: sent.message_id });
      return found;
    });
    const outbound = await get(desk, `${path}/${sent.message_id}`);
    expect(outbound.taps).toEqual([{ at: inbound.created_at, inbound_id: inbound.id, button: 'No', data: 'n1' }]);
    expect(outbound.buttons[0][1]).toEqual({ text: 'No', action: 'data', data: 'n1' });
  });
});

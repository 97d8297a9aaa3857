import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;
let stranger: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
  stranger = await connectBot(rig);
});

interface Entry {
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly event_type: string | null;
  readonly message_id: number | null;
  readonly succeeded: boolean | null;
}

const timelineOf = async (id: number, { key } = bot) => {
  const { status, body } = await rig.call(`/api/v1/messages/${id}/timeline`, { headers: { 'x-octopods-auth': key } });
  return { status, entries: (body.data ?? []) as readonly Entry[] };
};

const waiting = { timeout: 30_000 };

describe('the timeline of a message', () => {
  it('has the request, the attempt, the events, the tap and the reply, in the order in which they happened', async () => {
    const { telegram } = rig.sandbox;
    const customer = newCustomer(rig, bot);
    const markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] };
    const { body } = await send(
      rig,
      bot,
      aSend(customer.chatId, {
        telegram_interactive_message: { type: 'reply_buttons', text: 'Ready?', reply_markup: markup },
      }),
    );
    const number = telegram.sent(customer.at).at(-1)?.message_id ?? 0;
    const types = async () => (await timelineOf(body.message_id)).entries.map(({ event_type }) => event_type);
    await expect.poll(types, waiting).toContain('message.recorded');
    telegram.tap(customer.at, { message_id: number, row: 0, column: 0 });
    telegram.text(customer.at, { text: 'On my way', reply_to_message_id: number });
    const kinds = async () => (await timelineOf(body.message_id)).entries.map(({ kind }) => kind);
    await expect.poll(kinds, waiting).toContain('reply');
    const { entries } = await timelineOf(body.message_id);
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
    expect(entries[0]).toMatchObject({ kind: 'request', text: expect.stringContaining(body.request_id) });
    expect(entries.find(({ kind }) => kind === 'attempt')).toMatchObject({
      text: 'Attempt 1: Telegram accepted it.',
      succeeded: true,
    });
    expect(await types()).toEqual(expect.arrayContaining(['message.accepted', 'message.sent', 'message.recorded']));
    expect(entries.find(({ kind }) => kind === 'tap')?.text).toBe('The customer tapped “Yes”.');
    expect(entries.find(({ kind }) => kind === 'reply')?.text).toBe('The customer answered: On my way');
  });

  it('says why Telegram refused an attempt', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.telegram.block(customer.at);
    const { body } = await send(rig, bot, aSend(customer.chatId));
    const { entries } = await timelineOf(body.message_id);
    expect(entries.find(({ kind }) => kind === 'attempt')).toMatchObject({
      text: expect.stringContaining('bot was blocked by the user'),
      succeeded: false,
    });
    expect(entries.map(({ event_type }) => event_type)).toContain('message.failed');
  });

  it('of another workspace does not exist', async () => {
    const { body } = await send(rig, bot, aSend(newCustomer(rig, bot).chatId));
    expect((await timelineOf(body.message_id, stranger)).status).toBe(404);
  });
});

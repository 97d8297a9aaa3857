import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { type Desk, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

const rig = await startPublicRig();
const { telegram, intercom } = rig.sandbox;

const openedByAdmin = 'conversation.admin.single.created';

const sees = ({ at }: Customer, ...texts: readonly string[]) =>
  eventually(async () => {
    await makeRetriesDue(rig);
    expect(telegram.sent(at).map(({ text }) => text)).toEqual(texts);
  });

/** A customer with a conversation. */
async function openChat() {
  const desk = await openAgentsDesk(rig, 'intercom');
  const customer = desk.customer();
  await desk.reads('customer: ⁂ (started the bot)');
  return { desk, customer };
}

/** A teammate opens another conversation with the customer's contact. Resolves with its id. */
async function openAnother(desk: Desk, body: string): Promise<string> {
  const [first] = desk.conversations();
  const { admins } = await ask(desk, 'GET', '/admins');
  const opened = await ask(desk, 'POST', '/messages', {
    message_type: 'inapp',
    template: 'plain',
    body,
    from: { type: 'admin', id: Number(admins[0]?.id) },
    to: { type: 'lead', id: first?.contact?.id },
    create_conversation_without_contact_reply: true,
  });
  return opened.conversation_id;
}

/** A call of Intercom's API by another app of the workspace. */
async function ask(
  { accessToken }: Desk,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ readonly admins: readonly { readonly id: string }[]; readonly conversation_id: string }> {
  const answer = await fetch(`${rig.sandbox.url}/intercom${path}`, {
    method,
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'intercom-version': '2.16',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Awaited<ReturnType<typeof ask>>;
}

describe('a conversation that a teammate opens with a customer in Intercom', () => {
  it('reaches the chat, and continues there in both directions', async () => {
    const { desk, customer } = await openChat();
    const id = await openAnother(desk, 'Your parcel has arrived');
    await sees(customer, 'Your parcel has arrived');
    intercom.reply(desk.accountId, id, { body: '<p>Shall we keep it?</p>' });
    await sees(customer, 'Your parcel has arrived', 'Shall we keep it?');
    telegram.text(customer.at, { text: 'Yes please' });
    await eventually(() => {
      const opened = desk.conversations().find((conversation) => conversation.id === id);
      expect(opened?.entries.map(({ text }) => text)).toContain('Yes please');
    });
  });

  it('reaches the chat with its first reply if Intercom was not asked to tell of it', async () => {
    const desk = await openDesk(rig, 'intercom');
    const { body } = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
    intercom.subscribe(desk.accountId, { url: body.webhook_url, topics: ['conversation.admin.replied'] });
    const customer = desk.customer();
    await desk.reads('customer: ⁂ (started the bot)');
    const id = await openAnother(desk, 'Your parcel has arrived');
    intercom.reply(desk.accountId, id, { body: '<p>Shall we keep it?</p>' });
    await sees(customer, 'Your parcel has arrived', 'Shall we keep it?');
  });

  it.each(['before', 'after', 'twice'] as const)(
    'is told apart from one that the gateway opens, whose event comes %s the answer of its own call',
    async (when) => {
      const { desk, customer } = await openChat();
      desk.echo(when);
      desk.deleteConversation(desk.conversations()[0]?.id ?? '');
      await desk.send(customer, {
        type: 'remove_reply_keyboard',
        text: 'Hello!',
        reply_markup: { remove_keyboard: true },
      });
      await eventually(() => expect(desk.conversations()[0]?.entries.map(({ by }) => by)).toEqual(['teammate']));
      await eventually(() => {
        const told = intercom.deliveries(desk.accountId).filter(({ topic }) => topic === openedByAdmin);
        expect(told.length).toBeGreaterThan(0);
      });
      await desk.answer('How are you?');
      await sees(customer, 'Hello!', 'How are you?');
    },
  );
});

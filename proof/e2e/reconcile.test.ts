import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

/** Looks through the inboxes every second. */
const rig = await startPublicRig({ CHATFERRY_RECONCILE_EVERY_SECONDS: '1' });
const { telegram } = rig.sandbox;

const sentTo = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);
const shownTo = (customer: Customer, ...texts: readonly string[]) =>
  eventually(() => expect(sentTo(customer)).toEqual(texts));

const message = (text: string) => ({ type: 'highlight_reply', text, reply_markup: { force_reply: true } });

/** Resolves when the workspace was looked through once more, from the beginning. */
async function lookedThrough(workspaceId: string): Promise<void> {
  const read = async () => {
    const position = 'select reconciled_at from reconciliations where workspace_id = $1';
    const { rows } = await rig.database.pool.query(position, [workspaceId]);
    return Number(rows[0]?.reconciled_at ?? 0);
  };
  const { rows } = await rig.database.pool.query('select now() as now');
  await eventually(async () => expect(await read()).toBeGreaterThan(Number(rows[0].now)));
}

describe.each(inboxKinds)('replies in %s whose webhook was lost', (kind) => {
  it('reach the customer once and in order, and the gateway’s own entries do not come back', async () => {
    const desk = await openAgentsDesk(rig, kind);
    desk.loseWebhooks(true);
    const customer = desk.customer();
    await desk.send(customer, message('Your order number?'));
    telegram.text(customer.at, { text: 'ORD-9' });
    await eventually(() => expect(desk.conversations()[0]?.entries.length).toBeGreaterThanOrEqual(3));
    await desk.answer('One');
    await desk.answer('The customer is difficult', 'note');
    await desk.answer('Two');
    await desk.answer('Three', 'reply-and-close');
    await shownTo(customer, 'Your order number?', 'One', 'Two', 'Three');
    await lookedThrough(desk.bot.workspaceId);
    await shownTo(customer, 'Your order number?', 'One', 'Two', 'Three');
  });

  it('reach the customer once when some webhooks come as well', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    const texts = Array.from({ length: 12 }, (_, index) => `Answer ${index + 1}`);
    for (const text of texts) {
      await desk.answer(text);
      if (text === 'Answer 4') desk.loseWebhooks(true);
      if (text === 'Answer 4') await lookedThrough(desk.bot.workspaceId);
    }
    await shownTo(customer, ...texts);
    desk.loseWebhooks(false);
    await desk.answer('The last');
    await shownTo(customer, ...texts, 'The last');
    await lookedThrough(desk.bot.workspaceId);
    await shownTo(customer, ...texts, 'The last');
  });

  it('are not sent after their agent was shown that they were not', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    const switchTo = (state: string) =>
      rig.admin(`/api/v1/channels/${desk.bot.channelId}`, { method: 'PATCH', body: { state } });
    await desk.answer('Hello');
    await shownTo(customer, 'Hello');
    await switchTo('disabled');
    await desk.answer('Are you there?');
    await eventually(() => expect(desk.problemShown()).toContain('disabled'));
    await switchTo('active');
    await lookedThrough(desk.bot.workspaceId);
    await desk.answer('Welcome back');
    await shownTo(customer, 'Hello', 'Welcome back');
  });
});

describe.each(inboxKinds)('replies in %s while the gateway was stopped', (kind) => {
  it('reach the customer after the start', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Before');
    await shownTo(customer, 'Before');
    desk.loseWebhooks(true);
    await rig.restart(async () => {
      await desk.answer('While stopped');
      await desk.answer('Also while stopped');
    });
    await shownTo(customer, 'Before', 'While stopped', 'Also while stopped');
    await lookedThrough(desk.bot.workspaceId);
    await shownTo(customer, 'Before', 'While stopped', 'Also while stopped');
  });
});

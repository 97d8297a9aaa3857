import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { type InboxKind, inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;

const message = (text: string) => ({ type: 'highlight_reply', text, reply_markup: { force_reply: true } });

/** The space between paragraphs does not matter here. */
const sentTo = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text?.replace(/\n+/g, '\n'));

/** How many events of the inbox wait to be understood, and how many entries to be written. */
async function openWork({ bot }: AgentsDesk): Promise<number> {
  const { rows } = await rig.database.pool.query<{ count: number }>(
    'select count(*)::int as count from jobs where workspace_id = $1',
    [bot.workspaceId],
  );
  return rows[0]?.count ?? 0;
}

/** Entries that the gateway has begun to write. */
async function countWrites({ bot }: AgentsDesk): Promise<number> {
  const { rows } = await rig.database.pool.query<{ count: number }>(
    'select count(*)::int as count from inbox_writes where workspace_id = $1',
    [bot.workspaceId],
  );
  return rows[0]?.count ?? 0;
}

/** What the customer did and the gateway has not yet written into the inbox. */
async function unwrittenUpdates({ bot }: AgentsDesk): Promise<number> {
  const { rows } = await rig.database.pool.query<{ count: number }>(
    `select count(*)::int as count from jobs where workspace_id = $1 and kind <> 'inbox-event'`,
    [bot.workspaceId],
  );
  return rows[0]?.count ?? 0;
}

const events = async ({ bot }: AgentsDesk): Promise<number> => {
  const { rows } = await rig.database.pool.query<{ count: number }>(
    `select count(*)::int as count from updates where workspace_id = $1 and source <> 'telegram'`,
    [bot.workspaceId],
  );
  return rows[0]?.count ?? 0;
};

/** The customer has got exactly these, and nothing that could still bring more is on its way. */
async function settlesAt(desk: AgentsDesk, customer: Customer, ...texts: readonly string[]): Promise<void> {
  await eventually(async () => {
    await makeRetriesDue(rig);
    expect(sentTo(customer)).toEqual(texts);
    expect(await openWork(desk)).toBe(0);
  });
  expect(sentTo(customer)).toEqual(texts);
}

/** Each one of ours has come back. */
const echoed = (desk: AgentsDesk, atLeast: number) =>
  eventually(async () => expect(await events(desk)).toBeGreaterThanOrEqual(atLeast));

async function openConversation(kind: InboxKind) {
  rig.sandbox.faults.clear();
  const desk = await openAgentsDesk(rig, kind);
  const customer = desk.customer();
  await desk.reads('customer: ⁂ (started the bot)');
  return { desk, customer };
}

describe.each(inboxKinds)('an entry that the gateway writes into %s', (kind) => {
  it.each(['before', 'after', 'twice'] as const)(
    'is not sent to the customer when its event comes %s the answer of its own call',
    async (when) => {
      const { desk, customer } = await openConversation(kind);
      desk.echo(when);
      await desk.send(customer, message('One'));
      await desk.send(customer, message('Two'));
      telegram.text(customer.at, { text: 'Three' });
      await echoed(desk, 2);
      await desk.answer('Four');
      await settlesAt(desk, customer, 'One', 'Two', 'Four');
    },
  );

  it('is not sent to the customer when its event comes again after a restart', async () => {
    const { desk, customer } = await openConversation(kind);
    await desk.send(customer, message('One'));
    await echoed(desk, 1);
    const before = await events(desk);
    await rig.restart();
    desk.echoAgain();
    await echoed(desk, before + 1);
    await desk.answer('Two');
    await settlesAt(desk, customer, 'One', 'Two');
  });

  it('is not sent to the customer when its own call was never answered and the gateway restarted', async () => {
    const { desk, customer } = await openConversation(kind);
    desk.echo('before');
    desk.breakInbox({ kind: 'reset-after' });
    await desk.send(customer, message('One'));
    await echoed(desk, 1);
    await rig.restart();
    desk.echoAgain();
    await desk.answer('Two');
    await settlesAt(desk, customer, 'One', 'Two');
    const said = desk.conversations().flatMap(({ entries }) => entries.filter(({ by }) => by === 'teammate'));
    expect(said.map(({ text }) => text.split('\n')[0])).toEqual(['One', 'Two']);
  });

  it.each([
    ['while the call that writes it is on its way', { kind: 'delay-before', delayMs: 400 }],
    ['while its answer is on its way', { kind: 'delay-after', delayMs: 400 }],
    ['while its answer got lost', { kind: 'reset-after' }],
    // Intercom has no idempotency: there this needs the name of the app, as below.
    ...(kind === 'hubspot' ? ([['while the call itself got lost', { kind: 'reset-before' }]] as const) : []),
  ] as const)('is told apart from the same words of a teammate, typed %s', async (_when, effect) => {
    const { desk, customer } = await openConversation(kind);
    desk.echo('before');
    desk.breakInbox(effect);
    // Removing a keyboard is a line of its own in the inbox: the teammate types that too, so that the words are the same.
    await desk.send(customer, {
      ...message('Hello!'),
      type: 'remove_reply_keyboard',
      reply_markup: { remove_keyboard: true },
    });
    await eventually(() => expect(sentTo(customer)).toEqual(['Hello!']));
    // The teammate types while the gateway writes its second entry, not before.
    await eventually(async () => expect(await countWrites(desk)).toBe(2));
    const isWritten = effect.kind === 'delay-after' || effect.kind === 'reset-after';
    if (isWritten) await eventually(() => expect(desk.conversations()[0]?.entries).toHaveLength(2));
    await desk.answer('Hello!</p><p>(reply keyboard removed)');
    const typed = 'Hello!\n(reply keyboard removed)';
    await settlesAt(desk, customer, 'Hello!', typed);
    await desk.answer('And more');
    await settlesAt(desk, customer, 'Hello!', typed, 'And more');
  });

  it('of the customer does not keep an agent’s answer waiting while it is being written', async () => {
    const { desk, customer } = await openConversation(kind);
    // Until this is cleared, what the customer says stays an open write.
    desk.breakInbox({ kind: 'reset-before' }, { times: 1_000 });
    telegram.text(customer.at, { text: 'Hello!' });
    await eventually(async () => expect(await countWrites(desk)).toBe(2));
    // The same words as the open write: only the author tells them apart.
    await desk.answer('Hello!');
    await eventually(() => expect(sentTo(customer)).toEqual(['Hello!']));
    expect(await unwrittenUpdates(desk)).toBeGreaterThan(0);
    rig.sandbox.faults.clear();
  });

  it('can open a conversation in which an agent answers before its own call is answered', async () => {
    const desk = await openAgentsDesk(rig, kind);
    desk.breakInbox({ kind: 'delay-after', delayMs: 400 });
    const customer = desk.customer();
    await desk.answer('Hello!');
    // Retries that are made due before the call is answered would use up the looks that the reply has.
    await eventually(async () => expect(await unwrittenUpdates(desk)).toBe(0));
    await settlesAt(desk, customer, 'Hello!');
  });
});

describe('an Intercom that names the app of each part', () => {
  it('lets the gateway tell a teammate’s words from the same words of a lost call', async () => {
    const { desk, customer } = await openConversation('intercom');
    rig.sandbox.intercom.setOptions(desk.accountId, { appPackageCode: 'chatferry-1' });
    const asked = { type: 'remove_reply_keyboard', text: 'First', reply_markup: { remove_keyboard: true } };
    await desk.send(customer, asked);
    await eventually(() => expect(desk.conversations()[0]?.entries).toHaveLength(2));
    await echoed(desk, 1);
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: 'POST /conversations/{id}/reply',
      times: 1,
      effect: { kind: 'reset-before' },
    });
    await desk.send(customer, { ...asked, text: 'Hello!' });
    await desk.answer('Hello!</p><p>(reply keyboard removed)');
    await settlesAt(desk, customer, 'First', 'Hello!', 'Hello!\n(reply keyboard removed)');
  });
});

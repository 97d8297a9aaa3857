import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { type InboxKind, inboxKinds, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { waitUntilNoJobs } from './wait-until-no-jobs.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot, faults } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';

const change = (desk: AgentsDesk, conversation_rules: object) =>
  rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`, { method: 'PATCH', body: { conversation_rules } });

async function deskWith(kind: InboxKind, rules: object): Promise<AgentsDesk> {
  const desk = await openAgentsDesk(rig, kind);
  const { status, body } = await change(desk, rules);
  expect(status, JSON.stringify(body)).toBe(200);
  return desk;
}

/** The entries of each conversation, the oldest first. */
const readings = (desk: AgentsDesk) => desk.conversations().map(({ entries }) => entries.map(shown));
const readsAll = (desk: AgentsDesk, ...conversations: readonly (readonly string[])[]) =>
  eventually(() => expect(readings(desk)).toEqual(conversations));

/** Lets everything that was said be so much older. */
async function age(minutes: number): Promise<void> {
  await waitUntilNoJobs(rig);
  const by = [`${minutes} minutes`];
  await rig.database.pool.query('update messages set created_at = created_at - $1::interval', by);
  await rig.database.pool.query('update conversations set linked_at = linked_at - $1::interval', by);
}

const close = (desk: AgentsDesk, id: string) =>
  desk.kind === 'intercom'
    ? intercom.reply(desk.accountId, id, { kind: 'close' })
    : hubspot.reply(desk.accountId, id, { kind: 'close' });

/** An agent answers in this very conversation. */
const answerIn = (desk: AgentsDesk, id: string, text: string) =>
  desk.kind === 'intercom'
    ? intercom.reply(desk.accountId, id, { body: `<p>${text}</p>` })
    : hubspot.reply(desk.accountId, id, { text, rich_text: `<p>${text}</p>` });

const said = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);
const only = (desk: AgentsDesk) =>
  eventually(() => {
    const [conversation] = desk.conversations();
    if (!conversation) throw new Error('there is no conversation yet');
    return conversation;
  });

describe.each(inboxKinds)('the rules for conversations in %s', (kind) => {
  it('have defaults, are merged, and are refused when the inbox does not have the assignee', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const { body } = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
    const isIntercom = kind === 'intercom';
    const defaults = {
      new_conversation: null,
      tag: isIntercom ? 'telegram' : null,
      mark_seen: isIntercom ? 'on' : 'off',
      assign_new_to: null,
      assign_to_sender: 'off',
    };
    expect(body.conversation_rules).toEqual(defaults);
    const rule = { after: 'silence', minutes: 60 };
    const changed = await change(desk, { new_conversation: rule });
    expect(changed.body.conversation_rules).toEqual({ ...defaults, new_conversation: rule });
    const refused = await change(desk, { assign_new_to: { kind: 'teammate', id: '4711' } });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/conversation_rules/assign_new_to']);
    expect(refused.body.error).toContain(`${desk.bot.teammates[0]?.id} (Ada)`);
    const team = await change(desk, { assign_new_to: { kind: 'team', id: '4711' } });
    expect([team.status, team.body.error]).toEqual([
      400,
      expect.stringContaining(isIntercom ? '(Support)' : 'must name a teammate'),
    ]);
  });

  it('reopen a closed conversation by default, and its assignee keeps it', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    const { id } = await desk.reads(started);
    await desk.answer('Solved');
    await eventually(() => expect(said(customer)).toEqual(['Solved']));
    if (kind === 'intercom')
      intercom.reply(desk.accountId, id, { kind: 'assignment', admin_id: desk.bot.teammates[0]?.id });
    close(desk, id);
    telegram.text(customer.at, { text: 'It is not' });
    await eventually(() => expect(desk.conversations()).toMatchObject([{ id, isOpen: true, assignee: 'Ada' }]));
  });

  it('begin a new conversation with what the customer writes after the end, and answers in the old one still arrive', async () => {
    const desk = await deskWith(kind, { new_conversation: { after: 'closing', minutes: 0 } });
    const customer = desk.customer();
    const { id } = await desk.reads(started);
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, 'customer: Hello');
    close(desk, id);
    telegram.text(customer.at, { text: 'Something else' });
    await readsAll(desk, [started, 'customer: Hello'], ['customer: Something else']);
    answerIn(desk, id, 'About the first matter');
    await eventually(() => expect(said(customer)).toEqual(['About the first matter']));
    const [, second] = desk.conversations();
    answerIn(desk, second?.id ?? '', 'And about the other');
    await eventually(() => expect(said(customer)).toEqual(['About the first matter', 'And about the other']));
    telegram.text(customer.at, { text: 'Thanks' });
    await eventually(() => expect(readings(desk)[1]).toContain('customer: Thanks'));
    expect(desk.conversations()).toHaveLength(2);
  });

  it('continue a closed conversation until it has been closed for the set time', async () => {
    const desk = await deskWith(kind, { new_conversation: { after: 'closing', minutes: 60 } });
    const customer = desk.customer();
    const { id } = await desk.reads(started);
    close(desk, id);
    telegram.text(customer.at, { text: 'One more thing' });
    await desk.reads(started, 'customer: One more thing');
  });

  it('begin a new conversation after a silence, also with a message of the API, and not earlier', async () => {
    const desk = await deskWith(kind, { new_conversation: { after: 'silence', minutes: 60 } });
    const customer = desk.customer();
    await desk.reads(started);
    await age(50);
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, 'customer: Hello');
    await age(61);
    await desk.send(customer, keyboardRemoval('News'));
    const news = 'teammate: News | (reply keyboard removed)';
    await readsAll(desk, [started, 'customer: Hello'], [news]);
    telegram.text(customer.at, { text: 'Good' });
    await readsAll(desk, [started, 'customer: Hello'], [news, 'customer: Good']);
  });

  it('begin one new conversation, also when its first entry got no answer', async () => {
    const desk = await deskWith(kind, { new_conversation: { after: 'silence', minutes: 60 } });
    const customer = desk.customer();
    await desk.reads(started);
    await age(61);
    desk.breakInbox({ kind: 'reset-after' });
    telegram.text(customer.at, { text: 'Hello again' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      expect(readings(desk)).toEqual([[started], ['customer: Hello again']]);
    });
    faults.clear();
    telegram.text(customer.at, { text: 'and more' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      expect(readings(desk)).toEqual([[started], ['customer: Hello again', 'customer: and more']]);
    });
  });

  it('assign new conversations, and do not change an assignee', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const ben = desk.bot.teammates[1]?.id;
    await change(desk, { assign_new_to: { kind: 'teammate', id: ben } });
    desk.customer();
    await eventually(() => expect(desk.conversations()).toMatchObject([{ assignee: 'Ben' }]));
  });

  it('assign the customer’s answer to the teammate in whose name the API had written', async () => {
    const desk = await openAgentsDesk(rig, kind);
    await change(desk, { assign_to_sender: 'on' });
    const customer = desk.customer();
    await desk.reads(started);
    const sender = { [kind === 'intercom' ? 'intercom_teammate_id' : 'hubspot_user_id']: desk.bot.teammates[1]?.id };
    await desk.send(customer, keyboardRemoval('Shall we?'), sender);
    await eventually(() => expect(desk.conversations()[0]?.entries).toHaveLength(2));
    expect(desk.conversations()[0]?.assignee).toBeNull();
    telegram.text(customer.at, { text: 'Yes' });
    await eventually(() => expect(desk.conversations()).toMatchObject([{ assignee: 'Ben' }]));
    await desk.send(customer, keyboardRemoval('Really?'), {
      [Object.keys(sender)[0] ?? '']: desk.bot.teammates[0]?.id,
    });
    telegram.text(customer.at, { text: 'Yes!' });
    await eventually(() => expect(readings(desk)[0]).toContain('customer: Yes!'));
    await makeRetriesDue(rig);
    expect((await only(desk)).assignee).toBe('Ben');
  });
});

describe('the rules for conversations in Intercom', () => {
  it('tag each new conversation once, under a name of your choice or not at all', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    desk.customer();
    await eventually(() => expect(desk.conversations()).toMatchObject([{ tags: ['telegram'] }]));
    await change(desk, { tag: 'from the bot' });
    desk.customer();
    await eventually(() => expect(desk.conversations()[1]).toMatchObject({ tags: ['from the bot'] }));
    await change(desk, { tag: null });
    desk.customer();
    await eventually(() => expect(desk.conversations()[2]?.entries).toHaveLength(1));
    await makeRetriesDue(rig);
    expect(desk.conversations()[2]).toMatchObject({ tags: [] });
  });

  it('tag and assign later what could not be done at once', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const [team] = intercom.listTeams(desk.accountId);
    await change(desk, { assign_new_to: { kind: 'team', id: team?.id } });
    const unavailable = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    for (const operation of ['POST /conversations/{id}/tags', 'POST /conversations/{id}/parts']) {
      faults.inject({ provider: 'intercom', operation, times: 1, effect: unavailable });
    }
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hello' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      expect(desk.conversations()).toMatchObject([{ tags: ['telegram'], team: 'Support' }]);
      expect(readings(desk)[0]).toContain('customer: Hello');
    });
    expect(faults.list()).toEqual([]);
  });

  it('abandon a tag that cannot be set for a long time, and the conversation continues', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const unavailable = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    faults.inject({ provider: 'intercom', operation: 'POST /tags', times: 1_000, effect: unavailable });
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hello' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      expect(readings(desk)).toEqual([[started, 'customer: Hello']]);
    });
    faults.clear();
    telegram.text(customer.at, { text: 'and more' });
    await desk.reads(started, 'customer: Hello', 'customer: and more');
    expect(desk.conversations()).toMatchObject([{ tags: [] }]);
    expect(rig.logLines.some((line) => line.includes('conversation.unarranged') && line.includes('503'))).toBe(true);
  });

  it('do not mark the workspace broken when the app may not tag', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const body = {
      type: 'error.list',
      errors: [{ code: 'token_unauthorized', message: 'Not authorized to access resource' }],
    };
    const effect = { kind: 'answer-before', answer: { status: 403, body } } as const;
    faults.inject({ provider: 'intercom', operation: 'POST /tags', times: 1, effect });
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, 'customer: Hello');
    const workspace = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
    expect([workspace.body.state, desk.conversations()[0]?.tags]).toEqual(['active', []]);
  });

  it('do not delay the conversation when the team was deleted, and log this', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const [team] = intercom.listTeams(desk.accountId);
    await change(desk, { assign_new_to: { kind: 'team', id: team?.id } });
    const gone = { type: 'error.list', errors: [{ code: 'parameter_not_found', message: 'Assignee not found' }] };
    faults.inject({
      provider: 'intercom',
      operation: 'POST /conversations/{id}/parts',
      times: 1,
      effect: { kind: 'answer-before', answer: { status: 422, body: gone } },
    });
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, 'customer: Hello');
    await eventually(() =>
      expect(
        rig.logLines.some((line) => line.includes('conversation.unarranged') && line.includes(`${team?.id}`)),
      ).toBe(true),
    );
  });

  it('mark as seen what the customer has in Telegram, unless that is off', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await desk.reads(started);
    await desk.answer('Hello');
    await eventually(() => expect(desk.conversations()).toMatchObject([{ isSeen: true }]));
    telegram.text(customer.at, { text: 'Hi' });
    await eventually(() => expect(desk.conversations()).toMatchObject([{ isSeen: false }]));
    await change(desk, { mark_seen: 'off' });
    await desk.answer('How are you?');
    await eventually(() => expect(said(customer)).toEqual(['Hello', 'How are you?']));
    await desk.send(customer, keyboardRemoval('Later'));
    await eventually(() => expect(readings(desk)[0]).toContain('teammate: Later | (reply keyboard removed)'));
    expect(desk.conversations()).toMatchObject([{ isSeen: false }]);
  });
});

describe('the rules for conversations in HubSpot', () => {
  it('are refused when HubSpot does not have them', async () => {
    const desk = await openAgentsDesk(rig, 'hubspot');
    const refused = await change(desk, { tag: 'telegram', mark_seen: 'on' });
    expect([refused.status, refused.body.details.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      400,
      ['/conversation_rules/tag', '/conversation_rules/mark_seen'],
    ]);
  });
});

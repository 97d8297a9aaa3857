import { expect, it } from 'vitest';
import { type Connected, customer, okOf } from './connected-inbox.ts';

export function listsInboxes(connected: Connected): void {
  it('are listed, each with an id and a name', async ({ skip }) => {
    const { harness } = connected();
    const { inboxes } = harness.inbox;
    if (inboxes === undefined) return skip('this inbox has no inboxes to choose from');
    const listed = okOf(await inboxes.list());
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.every(({ id, name }) => id !== '' && name !== '')).toBe(true);
  });
}

export function answersForTheAccount(connected: Connected): void {
  it('reports a refused credential as broken in every call', async () => {
    const { harness, request, entry, teammate, noConversation } = connected();
    const link = await noConversation();
    const outcomes = [
      await harness.intruder.describe(),
      await harness.intruder.listTeammates(),
      await harness.intruder.append(link, entry(customer, 'Hi'), request),
      await harness.intruder.append(link, entry(teammate(), 'Hi'), request),
    ];
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'broken'));
  });

  it('names its account', async () => {
    const { harness } = connected();
    expect(okOf(await harness.inbox.describe()).account).not.toBe('');
  });

  it('connects a bot again without creating anything twice', async () => {
    const { harness, request } = connected();
    const { ref, ...bot } = request.channel;
    expect(okOf(await harness.inbox.connectChannel(bot))).toEqual(ref);
  });
}

import { describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const message = { type: 'remove_reply_keyboard', text: 'Hello', reply_markup: { remove_keyboard: true } };
const fieldOf = { intercom: 'intercom_teammate_id', hubspot: 'hubspot_user_id' } as const;

const teammate = (desk: Desk, name: string): string => {
  const found = desk.bot.teammates.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is no teammate`);
  return found.id;
};

/** Sends a message. Resolves with its author in the inbox and the detail that the API reports. */
async function sendAs(desk: Desk, more: object = {}) {
  const { message_id } = await desk.send(desk.customer(), message, more);
  return eventually(async () => {
    const { body } = await rig.call(`/api/v1/messages/${message_id}`, { headers: { 'x-octopods-auth': desk.bot.key } });
    expect(body.mirror.state).toBe('done');
    const conversation = desk.conversations().find(({ id }) => id === body.mirror.conversation_id);
    const entry = conversation?.entries.findLast(({ by }) => by === 'teammate');
    return { name: entry?.name, detail: body.mirror.detail };
  });
}

const setDefault = async (desk: Desk, name: string) => {
  const path = `/api/v1/workspaces/${desk.bot.workspaceId}`;
  const body = { default_sender: teammate(desk, name) };
  expect((await rig.admin(path, { method: 'PATCH', body })).status).toBe(200);
};

describe.each(inboxKinds)('the author of a message in %s', (kind) => {
  it('is the teammate that the request names', async () => {
    const desk = await openDesk(rig, kind);
    await setDefault(desk, 'Ada');
    for (const id of [teammate(desk, 'Ben'), Number(teammate(desk, 'Ben'))]) {
      expect(await sendAs(desk, { [fieldOf[kind]]: id })).toEqual({ name: 'Ben', detail: null });
    }
  });

  it('is the workspace’s default sender when the request names no sender', async () => {
    const desk = await openDesk(rig, kind);
    await setDefault(desk, 'Ben');
    expect(await sendAs(desk)).toEqual({ name: 'Ben', detail: null });
  });

  it('follows the default sender when that changes', async () => {
    const desk = await openDesk(rig, kind);
    await setDefault(desk, 'Ben');
    await sendAs(desk);
    await setDefault(desk, 'Ada');
    expect(await sendAs(desk)).toEqual({ name: 'Ada', detail: null });
  });

  it('is the token’s own admin in Intercom and the bot in HubSpot when there is no default', async () => {
    const desk = await openDesk(rig, kind);
    const { name, detail } = await sendAs(desk);
    expect(detail).toBeNull();
    if (kind === 'intercom') expect(name).toBe('Ada');
    else expect(desk.bot.teammates.map((one) => one.name)).not.toContain(name);
  });

  it('is the default sender, with a detail, when the named teammate does not exist', async () => {
    const desk = await openDesk(rig, kind);
    await setDefault(desk, 'Ada');
    // The inbox does not answer when the send asks for its teammates, so the send is not checked.
    const operation = kind === 'intercom' ? 'GET /admins' : 'GET /crm/owners/{version}';
    const effect = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: kind, operation, times: 1, effect });
    await rig.restart();
    const { name, detail } = await sendAs(desk, { [fieldOf[kind]]: '99999999' });
    expect(detail).toContain('99999999');
    if (kind === 'intercom') expect(name).toBe('Ada');
    else expect(desk.bot.teammates.map((one) => one.name)).not.toContain(name);
  });
});

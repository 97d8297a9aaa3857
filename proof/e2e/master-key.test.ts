import { randomBytes } from 'node:crypto';
import { parseMasterKey } from '@chatferry/gateway/internal/secrets/master-key';
import { listSealingKeys } from '@chatferry/gateway/internal/store/sealed-values';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { expect, it } from 'vitest';

const rig = await startRig();
const bot = await connectBot(rig);
const newKey = () => parseMasterKey(randomBytes(32).toString('base64'), 'The key');

const customer = newCustomer(rig, bot);
const answerTo = async (key: string) => (await send(rig, { ...bot, key }, aSend(customer.chatId))).status;

it('the master key changes while the gateway runs, and the previous key can be removed afterwards', async () => {
  expect(await answerTo(bot.key)).toBe(201);
  const { head, entries } = (await rig.admin('/api/v1/audit/verification')).body;
  const next = newKey();
  rig.changeMasterKeys(({ primary, others }) => ({ primary: next, others: [primary, ...others] }));
  await rig.restart();
  expect(await answerTo(bot.key)).toBe(201);
  const made = await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: bot.workspaceId } });
  await expect.poll(() => rig.logLines.filter((line) => line.includes('master_key.changed'))).toHaveLength(1);
  expect(await listSealingKeys(rig.database.pool)).toEqual([next.id]);

  rig.changeMasterKeys(({ primary }) => ({ primary, others: [] }));
  await rig.restart();
  expect(await answerTo(bot.key)).toBe(201);
  expect(await answerTo(made.body.secret)).toBe(201);
  // The key of the audit log is still the same.
  const verification = (await rig.admin(`/api/v1/audit/verification?head=${head}&entries=${entries}`)).body;
  expect(verification).toMatchObject({ intact: true, known_head: { found: true, position: entries } });

  rig.changeMasterKeys(() => ({ primary: newKey(), others: [] }));
  await expect(rig.startAnother()).rejects.toThrow(next.id);
  await expect(rig.startAnother()).rejects.toThrow('CHATFERRY_OTHER_MASTER_KEYS');
});

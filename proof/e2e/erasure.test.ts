import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dumpDatabase } from '@chatferry/testkit/postgres/dump-database';
import { beforeAll, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import type { Desk } from './desk.ts';
import { eventually } from './eventually.ts';
import { startRecordedRig } from './recorded-rig.ts';

const { rig, secretOf } = await startRecordedRig();
const { telegram } = rig.sandbox;
const { pool } = rig.database;
/** Words that occur nowhere else. */
const name = 'Zvonimira';
const words = ['quetzalcoatlus', 'archaeopteryx', 'pachycephalosaurus', 'velociraptor', 'diplodocus'] as const;
const [said, sent, replied, dead, later] = words;

let desk: AgentsDesk;
let conversationId: string;
let erased: ReturnType<Desk['customer']>;
let other: ReturnType<Desk['customer']>;
let hook: string;

const keyboard = (text: string) => ({
  type: 'reply_buttons',
  text,
  reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] },
});
const named = () => ({ workspace_id: desk.bot.workspaceId, telegram_user_id: erased.chatId });
const sendTo = (chatId: string, text: string, headers = {}) =>
  rig.call('/api/v1/telegram/interactive', {
    headers: { 'x-octopods-auth': desk.bot.key, ...headers },
    body: { destination_user_id: chatId, telegram_interactive_message: keyboard(text) },
  });

const isQuiet = () =>
  eventually(async () => {
    const { rows } = await pool.query(`select 1 from lanes union all select 1 from messages where mirror = 'pending'`);
    if (rows.length > 0) throw new Error(`${rows.length} are not done`);
  });

/** Everything in every column of every table as text, and in every file of the data folder. */
async function everything(): Promise<string> {
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(folder).flatMap((file) => {
      const path = join(folder, file);
      return statSync(path).isDirectory() ? filesIn(path) : [`${path}: ${readFileSync(path, 'latin1')}`];
    });
  return [...(await dumpDatabase(pool)), ...filesIn(rig.dataDir)].join('\n');
}

/** The lines that contain one of the words. */
const linesWith = (text: string, sought: readonly string[]): readonly string[] =>
  text
    .split('\n')
    .filter((line) => sought.some((one) => line.includes(one)))
    .map((line) => line.slice(0, 300));

/** What Telegram delivers, under an update_id that was not seen before. */
let lateId = 800_000_000;
function deliver(text: string, atMs: number): Promise<Response> {
  lateId += 1;
  const id = Number(erased.chatId);
  const who = { id, first_name: name };
  const date = Math.floor(atMs / 1_000);
  const message = {
    message_id: lateId,
    date,
    chat: { ...who, type: 'private' },
    from: { ...who, is_bot: false },
    text,
  };
  return fetch(`${rig.url}${hook}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretOf(hook) ?? '' },
    body: JSON.stringify({ update_id: lateId, message }),
  });
}

beforeAll(async () => {
  desk = await openAgentsDesk(rig, 'intercom', { updates: 'webhook' });
  erased = desk.customer({ first_name: name });
  const answer = await fetch(`${rig.sandbox.url}/telegram/bot${desk.bot.token}/getWebhookInfo`);
  hook = new URL(((await answer.json()) as { readonly result: { readonly url: string } }).result.url).pathname;
});

it('one customer is exported, and erased from everything that is kept, and the others are not', async () => {
  telegram.text(erased.at, { text: `I saw a ${said}` });
  expect((await sendTo(erased.chatId, `We have a ${sent}`, { 'idempotency-key': `for-${erased.chatId}` })).status).toBe(
    201,
  );
  await isQuiet();
  await desk.answer(`Here is a ${replied}`);
  await eventually(() => {
    if (!JSON.stringify(telegram.transcript(erased.at)).includes(replied)) throw new Error('the reply is not there');
  });
  await isQuiet();
  const { rows } = await pool.query('select id, created_on::text from messages where chat_id = $1 order by id', [
    erased.chatId,
  ]);
  await pool.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
     values ($1, $2, 'mirror', jsonb_build_object('messageId', $3::bigint, 'createdOn', $4::text), $5, 1)`,
    [
      desk.bot.workspaceId,
      `inbox:${desk.bot.channelId}:${erased.chatId}`,
      rows[0].id,
      rows[0].created_on,
      `Intercom refuses ${dead}`,
    ],
  );
  other = desk.customer({ first_name: 'Grace' });
  telegram.text(other.at, { text: 'I am another person' });
  await isQuiet();

  const sought = [name, said, sent, replied, dead, erased.chatId];
  expect(linesWith(await everything(), sought).length).toBeGreaterThan(10);
  const exported = await rig.admin('/api/v1/customers/export', { body: named() });
  expect(exported.status).toBe(200);
  for (const word of sought) expect(JSON.stringify(exported.body)).toContain(word);
  expect(JSON.stringify(exported.body)).not.toContain('another person');

  const answer = await rig.admin('/api/v1/customers/erase', { body: named() });
  expect(answer.status).toBe(200);
  expect(answer.body.messages).toBeGreaterThanOrEqual(4);
  expect(answer.body.remains.inbox.conversation_ids).toHaveLength(1);
  expect(answer.body.remains.inbox.contact_ids).toHaveLength(1);
  conversationId = answer.body.remains.inbox.conversation_ids[0];
  const after = await everything();
  expect(linesWith(after, sought)).toEqual([]);
  expect(linesWith(after, answer.body.remains.inbox.conversation_ids)).toEqual([]);
  expect(linesWith(after, ['I am another person']).length).toBeGreaterThan(0);
  const again = await rig.admin('/api/v1/customers/erase', { body: named() });
  expect([again.status, again.body.messages]).toEqual([200, 0]);
});

it('a repeated update does not restore erased data', async () => {
  const hourAgo = Date.now() - 3_600_000;
  expect((await deliver(`I saw a ${said}`, hourAgo)).status).toBe(200);
  telegram.duplicateLastUpdate(erased.at);
  desk.echoAgain();
  rig.sandbox.intercom.reply(desk.accountId, conversationId, { body: `<p>Here is a ${replied}</p>`, kind: 'comment' });
  const refused = await sendTo(erased.chatId, `We have a ${sent}`, { 'idempotency-key': `for-${erased.chatId}` });
  expect([refused.status, refused.body.error_code]).toEqual([400, 3]);
  await isQuiet();
  expect(linesWith(await everything(), [name, said, sent, replied, erased.chatId])).toEqual([]);
  const transcript = JSON.stringify(telegram.transcript(erased.at));
  expect(transcript.split(sent)).toHaveLength(2);
  expect(transcript.split(replied)).toHaveLength(2);
});

it('other customers are not affected by an erasure, and the erased customer can write again', async () => {
  expect((await sendTo(other.chatId, 'Still here')).status).toBe(201);
  expect((await deliver(`Now a ${later}`, Date.now() + 2_000)).status).toBe(200);
  await eventually(() => {
    if (!JSON.stringify(desk.conversations()).includes(later)) throw new Error('the new words are not in the inbox');
  });
  expect((await sendTo(erased.chatId, 'Welcome back')).status).toBe(201);
});

it('an erasure is refused for an unknown workspace, and for the workspace of another key', async () => {
  for (const what of ['export', 'erase']) {
    const body = { workspace_id: 'wsp_00000000000000000000000000', telegram_user_id: '7' };
    expect((await rig.admin(`/api/v1/customers/${what}`, { body })).status).toBe(404);
    const byKey = await rig.call(`/api/v1/customers/${what}`, {
      headers: { 'x-octopods-auth': desk.bot.key },
      body: named(),
    });
    expect([byKey.status, byKey.body.error_code]).toEqual([403, 102]);
  }
});

import { createHash } from 'node:crypto';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { bodyHash } from '../adapters/intercom/normalise.ts';

const rig = await startRig();
const { pool } = rig.database;
const words = 'ok';

/** Every value of bytes or text in the database that is as long as a digest, in hexadecimal. */
async function digests(): Promise<ReadonlySet<string>> {
  const { rows: columns } = await pool.query<{ name: string; column: string; type: string }>(
    `select table_name as name, column_name as column, data_type as type from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and data_type in ('bytea', 'text')`,
  );
  const found = new Set<string>();
  for (const { name, column, type } of columns) {
    const { rows } = await pool.query(`select ${column} as value from ${name} where ${column} is not null`);
    for (const { value } of rows) {
      const text = type === 'bytea' ? value.toString('hex') : value;
      for (const hex of text.match(/[0-9a-f]{64}/g) ?? []) found.add(hex);
      for (const base64 of text.match(/[\w-]{43}/g) ?? []) found.add(Buffer.from(base64, 'base64url').toString('hex'));
    }
  }
  return found;
}

const plain = (text: string) => createHash('sha256').update(text).digest('hex');

/** All texts of the conversations in the inbox. */
function bodiesIn(intercomId: string): readonly string[] {
  const bodies: string[] = [];
  JSON.stringify(rig.sandbox.intercom.conversations(intercomId), (_name, value: unknown) => {
    if (typeof value === 'string') bodies.push(value);
    return value;
  });
  return bodies;
}

describe('a copy of the database', () => {
  it('does not confirm a guess of what a person wrote, of a request or of a failed sign-in', async () => {
    const bot = await connectBot(rig);
    const { chatId } = newCustomer(rig, bot);
    const text = 'Plain words of this test';
    const sample = aSend(chatId);
    const body = { ...sample, telegram_interactive_message: { ...sample.telegram_interactive_message, text } };
    const sent = await send(rig, bot, body, { 'idempotency-key': 'k' });
    expect(sent.status).toBe(201);
    await expect.poll(() => bodiesIn(bot.intercomId).some((one) => one.includes(text)), { timeout: 10_000 }).toBe(true);
    const signIn = { email: 'ada@acme.test', password: words };
    const failed = await fetch(`${rig.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signIn),
    });
    expect(failed.status).toBe(401);
    const stored = await digests();
    expect(stored.size).toBeGreaterThan(3);
    const guesses = [
      text,
      words,
      'ada@acme.test',
      ...['127.0.0.1', '127.0.0.0/24', '127.0.0.1/32'].map((network) => `ada@acme.test|${network}`),
    ];
    expect(guesses.filter((guess) => stored.has(plain(guess)))).toEqual([]);
    const names = (await pool.query('select name from login_failures')).rows.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).not.toMatch(/ada|127\.0/);
    expect(bodiesIn(bot.intercomId).filter((body) => stored.has(bodyHash(body)))).toEqual([]);
  });
});

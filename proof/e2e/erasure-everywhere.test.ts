import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dumpDatabase } from '@chatferry/testkit/postgres/dump-database';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { eventually } from './eventually.ts';
import { startRecordedRig } from './recorded-rig.ts';

const { rig, secretOf } = await startRecordedRig();
const { pool } = rig.database;
const journal = join(rig.dataDir, 'journal');

let desk: AgentsDesk;
let hook: string;

beforeAll(async () => {
  desk = await openAgentsDesk(rig, 'intercom', { updates: 'webhook' });
  desk.customer({ first_name: 'Nobody' });
  const answer = await fetch(`${rig.sandbox.url}/telegram/bot${desk.bot.token}/getWebhookInfo`);
  hook = new URL(((await answer.json()) as { readonly result: { readonly url: string } }).result.url).pathname;
});

const isQuiet = () =>
  eventually(async () => {
    const { rows } = await pool.query(
      `select 1 from lanes union all select 1 from messages where mirror = 'pending'
       union all select 1 from updates where state = 'stored'`,
    );
    if (rows.length > 0) throw new Error(`${rows.length} are not done`);
  });

/** Everything in every column of every table as text, and in every file of the data folder. */
async function linesWith(sought: readonly string[]): Promise<readonly string[]> {
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(folder).flatMap((file) => {
      const path = join(folder, file);
      return statSync(path).isDirectory() ? filesIn(path) : [`${path}: ${readFileSync(path, 'latin1')}`];
    });
  return [...(await dumpDatabase(pool)), ...filesIn(rig.dataDir)]
    .flatMap((text) => text.split('\n'))
    .filter((line) => sought.some((word) => line.includes(word)))
    .map((line) => line.slice(0, 300));
}

let counter = 700_000_000;
const next = () => {
  counter += 1;
  return counter;
};

interface User {
  readonly id: number;
  readonly is_bot: false;
  readonly first_name: string;
}
type Fields = Readonly<Record<string, unknown>>;

/** A person whose words are to be erased, and what others do with them. */
class Story {
  /** Every word that must be gone afterwards. */
  readonly words: string[] = [];
  readonly user: User = { id: next(), is_bot: false, first_name: this.word() };
  readonly other: User = { id: next(), is_bot: false, first_name: 'Ben' };
  readonly group = { id: -next(), type: 'supergroup', title: 'Team' };
  readonly keyed: (() => Promise<{ readonly status: number; readonly body: unknown }>)[] = [];

  word(): string {
    const word = `w${randomUUID().replaceAll('-', '')}`;
    this.words.push(word);
    return word;
  }

  message(from: User, chat: object, fields: Fields): Fields & { readonly message_id: number } {
    return { message_id: next(), date: Math.floor(Date.now() / 1_000) - 60, from, chat, ...fields };
  }

  privately(fields: Fields) {
    return this.message(this.user, { ...this.user, type: 'private' }, fields);
  }

  async deliver(update: Fields): Promise<void> {
    const { status } = await fetch(`${rig.url}${hook}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretOf(hook) },
      body: JSON.stringify({ update_id: next(), ...update }),
    });
    expect(status).toBe(200);
  }

  named() {
    return { workspace_id: desk.bot.workspaceId, telegram_user_id: String(this.user.id) };
  }
}

/** Ways in which a person's words come to the gateway and stay there. */
const paths = {
  text: (story) => story.deliver({ message: story.privately({ text: story.word() }) }),
  edit: async (story) => {
    const message = story.privately({ text: story.word() });
    await story.deliver({ message });
    const edited = { ...message, text: story.word(), edit_date: Math.floor(Date.now() / 1_000) - 30 };
    await story.deliver({ edited_message: edited });
  },
  album: async (story) => {
    const media_group_id = String(next());
    for (const _ of [1, 2]) {
      const photo = [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }];
      await story.deliver({ message: story.privately({ media_group_id, photo, caption: story.word() }) });
    }
  },
  contact: (story) =>
    story.deliver({ message: story.privately({ contact: { phone_number: '1', first_name: story.word() } }) }),
  unknownKind: (story) => story.deliver({ message: story.privately({ hologram: { shows: story.word() } }) }),
  malformed: (story) => story.deliver({ message: { chat: { id: story.user.id }, text: story.word() } }),
  inGroup: (story) => story.deliver({ message: story.message(story.user, story.group, { text: story.word() }) }),
  quotedByAnother: async (story) => {
    const said = story.message(story.user, story.group, { text: story.word() });
    await story.deliver({ message: said });
    const answer = story.message(story.other, story.group, { text: 'I agree', reply_to_message: said });
    await story.deliver({ message: answer });
  },
  quotedWithoutTheOriginal: (story) => {
    const said = story.message(story.user, story.group, { text: story.word() });
    const quote = { text: story.word(), position: 0 };
    return story.deliver({
      message: story.message(story.other, story.group, { text: 'I agree', reply_to_message: said, quote }),
    });
  },
  quotedElsewhere: (story) => {
    const external_reply = { origin: { type: 'user', sender_user: story.user, date: 1 } };
    const quote = { text: story.word(), position: 0 };
    const chat = { ...story.other, type: 'private' };
    return story.deliver({ message: story.message(story.other, chat, { text: 'Is it so?', external_reply, quote }) });
  },
  forwardedByAnother: (story) => {
    const forward_origin = { type: 'user', sender_user: story.user, date: 1 };
    const chat = { ...story.other, type: 'private' };
    return story.deliver({ message: story.message(story.other, chat, { text: story.word(), forward_origin }) });
  },
  contactOfAnother: (story) => {
    const contact = { phone_number: '1', first_name: story.word(), user_id: story.user.id };
    return story.deliver({ message: story.message(story.other, { ...story.other, type: 'private' }, { contact }) });
  },
  exportedWithAKey: async (story) => {
    const headers = { 'idempotency-key': story.word() };
    const ask = () => rig.admin('/api/v1/customers/export', { body: story.named(), headers });
    expect((await ask()).status).toBe(200);
    story.keyed.push(ask);
  },
  deadLetterDiscardedWithAKey: async (story) => {
    const { rows } = await pool.query(
      `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
       values ($1, $2, 'mirror', '{}', $3, 1) returning id`,
      [desk.bot.workspaceId, `inbox:${desk.bot.channelId}:${story.user.id}`, story.word()],
    );
    const headers = { 'idempotency-key': story.word() };
    const body = { reason: story.word() };
    const ask = () => rig.admin(`/api/v1/dead-letters/ddl_${rows[0].id}/discard`, { body, headers });
    expect((await ask()).status).toBe(200);
    story.keyed.push(ask);
  },
  damagedJournal: async (story) => {
    mkdirSync(journal, { recursive: true });
    const name = `calls-${randomUUID()}-000000000001-000000000001.log.damaged`;
    writeFileSync(join(journal, name), `\u0000\u0000${story.word()}`);
  },
} satisfies Readonly<Record<string, (story: Story) => Promise<unknown>>>;
type Path = keyof typeof paths;
const everyPath = Object.keys(paths) as Path[];

async function live(chosen: readonly Path[]): Promise<Story> {
  const story = new Story();
  for (const path of chosen) await paths[path](story);
  await isQuiet();
  return story;
}

async function assertErasable(story: Story): Promise<void> {
  expect((await linesWith(story.words)).length).toBeGreaterThan(0);
  const erased = await rig.admin('/api/v1/customers/erase', {
    body: story.named(),
    headers: { 'idempotency-key': `erasure-of-${story.user.id}` },
  });
  expect(erased.status).toBe(200);
  expect(await linesWith([...story.words, String(story.user.id)])).toEqual([]);
  for (const ask of story.keyed) {
    const { body } = await ask();
    expect(story.words.filter((word) => JSON.stringify(body).includes(word))).toEqual([]);
  }
}

describe('an erasure leaves no word of the person in a table, a file or a repeated answer', () => {
  it.each(everyPath)('after %s', async (path) => {
    await assertErasable(await live(['text', path]));
  });

  it('after any of these, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(everyPath, { minLength: 2 }), async (chosen) => {
        await assertErasable(await live(chosen));
      }),
      { numRuns: 6, seed: 7 },
    );
  }, 120_000);
});

describe('an erasure that finds nothing', () => {
  it('ends no damaged file of the journal: anyone with one workspace can ask for it', async () => {
    const story = await live(['damagedJournal']);
    const body = { workspace_id: desk.bot.workspaceId, telegram_user_id: '5999999999' };
    const sweepAgain = () => rig.admin('/api/v1/customers/erase', { body });
    for (const erased of [await sweepAgain(), await sweepAgain()]) expect(erased.body).toMatchObject({ messages: 0 });
    expect((await linesWith(story.words)).length).toBeGreaterThan(0);
    // The loop of every process looks at what is remembered.
    const { rows } = await pool.query('select removed_at from erasures order by erased_at desc limit 1');
    expect(rows).toEqual([{ removed_at: null }]);
  });
});

describe('a message in which another person quoted the erased one', () => {
  it('stays, without the quote', async () => {
    const story = await live(['quotedByAnother']);
    await assertErasable(story);
    const { rows } = await pool.query(`select content from messages where chat_id = $1`, [story.group.id]);
    expect(rows.map(({ content }) => [content.content.text, content.answers])).toEqual([['I agree', null]]);
  });
});

import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { frame } from './frames.ts';
import { type Journal, JournalFullError, openJournal } from './journal.ts';

const opened: Journal[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()));
});

const base = mkdtempSync(join(tmpdir(), 'chatferry-journal-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A folder of its own, and the processes that share it. */
function aFolder() {
  const folder = mkdtempSync(join(base, 'data-'));
  const events: string[] = [];
  const note = (event: string) => void events.push(event);
  const log = { warn: note, error: note };
  let epochs = 0;
  return {
    folder,
    events,
    async open(change: { readonly installationId?: string; readonly bytesMax?: number } = {}) {
      epochs += 1;
      const journal = await openJournal({
        folder,
        name: 'results',
        installationId: 'one',
        epoch: epochs,
        schedule: setImmediate,
        log,
        ...change,
      });
      opened.push(journal);
      return journal;
    },
    files: () => readdirSync(folder).sort(),
    onlyFile: () => join(folder, readdirSync(folder)[0] ?? ''),
  };
}

const record = (text: string) => Buffer.from(text);

/** What a journal hands over, in its order. */
async function drained(journal: Journal): Promise<readonly string[]> {
  const texts: string[] = [];
  await journal.drain(async (payload) => {
    texts.push(payload.toString());
    return true;
  });
  return texts;
}

describe('what was appended', () => {
  it('is handed over once, in its order, by its own process or a later one, and the files go', async () => {
    const { open, files } = aFolder();
    const first = await open();
    const texts = Array.from({ length: 300 }, (_, index) => `record ${index}`);
    await Promise.all(texts.map((text) => first.append(record(text))));
    expect(first.hasRecords()).toBe(true);
    const second = await open();
    expect(second.hasRecords()).toBe(true);
    expect(await drained(second)).toEqual(texts);
    expect([files(), await drained(second), await drained(first), first.hasRecords()]).toEqual([[], [], [], false]);
    await first.append(record('later'));
    expect(await drained(first)).toEqual(['later']);
    expect(files()).toEqual([]);
  });

  it('stays where it cannot be taken in yet', async () => {
    const { open } = aFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    const away = new Error('the database is away');
    const failing = journal.drain(async (payload) => {
      if (payload.toString() === 'two') throw away;
      return true;
    });
    await expect(failing).rejects.toBe(away);
    await journal.append(record('four'));
    expect([journal.hasRecords(), await drained(await open())]).toEqual([true, ['one', 'two', 'three', 'four']]);
  });

  it('is not lost where another process takes the file over while it is written', async () => {
    const { open, files } = aFolder();
    const owner = await open();
    const other = await open();
    const texts = Array.from({ length: 60 }, (_, index) => `record ${index}`);
    const seen = new Set<string>();
    const take = async () => {
      for (const text of await drained(other)) seen.add(text);
    };
    for (const text of texts) await Promise.all([owner.append(record(text)), take()]);
    await take();
    expect([...seen].sort()).toEqual([...texts].sort());
    expect(files()).toEqual([]);
  });

  it('is known of from the moment on in which it was given, so that nothing passes it by', async () => {
    const { open } = aFolder();
    const journal = await open();
    const appending = journal.append(record('on its way'));
    // Looks into the folder before it has a file.
    const looking = drained(journal);
    expect(journal.hasRecords()).toBe(true);
    const [early] = await Promise.all([looking, appending]);
    expect(journal.hasRecords() || early.length === 1).toBe(true);
    expect([...early, ...(await drained(journal))]).toEqual(['on its way']);
  });

  it('is written again where the file was taken before its flush had ended', async () => {
    const { open, onlyFile } = aFolder();
    const owner = await open();
    await owner.append(record('before'));
    // Whoever took it has read it already, and deletes it.
    renameSync(onlyFile(), `${onlyFile()}.taken`);
    rmSync(onlyFile());
    await owner.append(record('after'));
    expect(await drained(await open())).toEqual(['after']);
  });

  it('is left alone where it belongs to another database', async () => {
    const { open, files } = aFolder();
    await (await open({ installationId: 'before-the-restore' })).append(record('theirs'));
    const journal = await open();
    expect([journal.hasRecords(), await drained(journal)]).toEqual([false, []]);
    expect(files()).toHaveLength(1);
  });
});

describe('a file that is not whole', () => {
  it.each([1, 7, 8, 12])('loses only what nobody was told of: %i bytes of the last record', async (bytes) => {
    const { open, onlyFile, files, events } = aFolder();
    await (await open()).append(record('whole'));
    appendFileSync(onlyFile(), frame(record('never flushed')).subarray(0, bytes));
    expect(await drained(await open())).toEqual(['whole']);
    expect([files(), events]).toEqual([[], ['journal.torn']]);
  });

  it('is set aside and reported where the disk changed it', async () => {
    const { open, onlyFile, files, events } = aFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    const bytes = readFileSync(onlyFile());
    bytes[bytes.indexOf('two')] = 0;
    writeFileSync(onlyFile(), bytes);
    expect(await drained(await open())).toEqual(['one']);
    expect([files().map((file) => file.endsWith('.damaged')), events]).toEqual([[true], ['journal.damaged']]);
    expect((await open()).hasRecords()).toBe(false);
  });

  it('is set aside where a record can never be taken, and those behind it go on', async () => {
    const { open, files, events } = aFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    expect(await journal.drain(async (payload) => payload.toString() !== 'two')).toBe(2);
    expect([files().length, events]).toEqual([1, ['journal.damaged']]);
  });

  it('may be empty', async () => {
    const { open, onlyFile, files } = aFolder();
    await (await open()).append(record('lost with the power'));
    truncateSync(onlyFile(), 0);
    expect([await drained(await open()), files()]).toEqual([[], []]);
  });
});

describe('a disk that does not take it', () => {
  it('is said so', async () => {
    const { open, folder } = aFolder();
    const journal = await open();
    rmSync(folder, { recursive: true });
    await expect(journal.append(record('lost'))).rejects.toThrow(/ENOENT/);
  });

  it('has a bound', async () => {
    const { open } = aFolder();
    const journal = await open({ bytesMax: 10 });
    await journal.append(record('12345'));
    await expect(journal.append(record('123456'))).rejects.toThrow(JournalFullError);
    await journal.append(record('12345'));
    expect(await drained(journal)).toEqual(['12345', '12345']);
    await journal.append(record('1234567890'));
  });
});

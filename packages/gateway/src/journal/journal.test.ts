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
import { type Journal, openJournal } from './journal.ts';
import { JournalFullError } from './journal-writer.ts';

const opened: Journal[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()));
});

const base = mkdtempSync(join(tmpdir(), 'chatferry-journal-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A new folder, and the journals of the processes that share it. */
function arrangeFolder() {
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

/** The records that a journal gives, in order. */
async function drain(journal: Journal): Promise<readonly string[]> {
  const texts: string[] = [];
  await journal.drain(async (payload) => {
    texts.push(payload.toString());
    return true;
  });
  return texts;
}

describe('an appended record', () => {
  it('is given once and in order, by its own process or a later one, and the files are deleted', async () => {
    const { open, files } = arrangeFolder();
    const first = await open();
    const texts = Array.from({ length: 300 }, (_, index) => `record ${index}`);
    await Promise.all(texts.map((text) => first.append(record(text))));
    expect(first.hasRecords()).toBe(true);
    const second = await open();
    expect(second.hasRecords()).toBe(true);
    expect(await drain(second)).toEqual(texts);
    expect([files(), await drain(second), await drain(first), first.hasRecords()]).toEqual([[], [], [], false]);
    await first.append(record('later'));
    expect(await drain(first)).toEqual(['later']);
    expect(files()).toEqual([]);
  });

  it('stays if it cannot be accepted yet', async () => {
    const { open } = arrangeFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    const away = new Error('the database is away');
    const failing = journal.drain(async (payload) => {
      if (payload.toString() === 'two') throw away;
      return true;
    });
    await expect(failing).rejects.toBe(away);
    await journal.append(record('four'));
    expect([journal.hasRecords(), await drain(await open())]).toEqual([true, ['one', 'two', 'three', 'four']]);
  });

  it('is not lost if another process takes the file over during the write', async () => {
    const { open, files } = arrangeFolder();
    const owner = await open();
    const other = await open();
    const texts = Array.from({ length: 60 }, (_, index) => `record ${index}`);
    const seen = new Set<string>();
    const take = async () => {
      for (const text of await drain(other)) seen.add(text);
    };
    for (const text of texts) await Promise.all([owner.append(record(text)), take()]);
    await take();
    expect([...seen].sort()).toEqual([...texts].sort());
    expect(files()).toEqual([]);
  });

  it('is reported by hasRecords from the call of append on', async () => {
    const { open } = arrangeFolder();
    const journal = await open();
    const appending = journal.append(record('on its way'));
    // Lists the folder before the record has a file.
    const draining = drain(journal);
    expect(journal.hasRecords()).toBe(true);
    const [early] = await Promise.all([draining, appending]);
    expect(journal.hasRecords() || early.length === 1).toBe(true);
    expect([...early, ...(await drain(journal))]).toEqual(['on its way']);
  });

  it('is written again if the file was taken over before the flush ended', async () => {
    const { open, onlyFile } = arrangeFolder();
    const owner = await open();
    await owner.append(record('before'));
    // The process that took it over has already read it, and deletes it.
    renameSync(onlyFile(), `${onlyFile()}.taken`);
    rmSync(onlyFile());
    await owner.append(record('after'));
    expect(await drain(await open())).toEqual(['after']);
  });

  it('is ignored if it belongs to another database', async () => {
    const { open, files } = arrangeFolder();
    await (await open({ installationId: 'before-the-restore' })).append(record('theirs'));
    const journal = await open();
    expect([journal.hasRecords(), await drain(journal)]).toEqual([false, []]);
    expect(files()).toHaveLength(1);
  });
});

describe('a damaged file', () => {
  it.each([1, 7, 8, 12])(
    'that ends after %i bytes of the last record loses only this unconfirmed record',
    async (bytes) => {
      const { open, onlyFile, files, events } = arrangeFolder();
      await (await open()).append(record('whole'));
      appendFileSync(onlyFile(), frame(record('never flushed')).subarray(0, bytes));
      expect(await drain(await open())).toEqual(['whole']);
      expect([files(), events]).toEqual([[], ['journal.torn']]);
    },
  );

  it('is set aside and reported if the disk changed a record', async () => {
    const { open, onlyFile, files, events } = arrangeFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    const bytes = readFileSync(onlyFile());
    bytes[bytes.indexOf('two')] = 0;
    writeFileSync(onlyFile(), bytes);
    expect(await drain(await open())).toEqual(['one']);
    expect([files().map((file) => file.endsWith('.damaged')), events]).toEqual([[true], ['journal.damaged']]);
    expect((await open()).hasRecords()).toBe(false);
  });

  it('is set aside if a record can never be accepted, and later records are still given', async () => {
    const { open, files, events } = arrangeFolder();
    const journal = await open();
    for (const text of ['one', 'two', 'three']) await journal.append(record(text));
    expect(await journal.drain(async (payload) => payload.toString() !== 'two')).toBe(2);
    expect([files().length, events]).toEqual([1, ['journal.damaged']]);
  });

  it('is deleted if it is empty', async () => {
    const { open, onlyFile, files } = arrangeFolder();
    await (await open()).append(record('lost with the power'));
    truncateSync(onlyFile(), 0);
    expect([await drain(await open()), files()]).toEqual([[], []]);
  });
});

describe('a journal that cannot store a record', () => {
  it('rejects the append if the folder is gone', async () => {
    const { open, folder } = arrangeFolder();
    const journal = await open();
    rmSync(folder, { recursive: true });
    await expect(journal.append(record('lost'))).rejects.toThrow(/ENOENT/);
  });

  it('rejects the append if its size limit is reached, and accepts records again after it was drained', async () => {
    const { open } = arrangeFolder();
    const journal = await open({ bytesMax: 10 });
    await journal.append(record('12345'));
    await expect(journal.append(record('123456'))).rejects.toThrow(JournalFullError);
    await journal.append(record('12345'));
    expect(await drain(journal)).toEqual(['12345', '12345']);
    await journal.append(record('1234567890'));
  });
});

import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuditHeads } from './audit-heads.ts';

function folderOf() {
  const folder = mkdtempSync(join(tmpdir(), 'chatferry-heads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, file: join(folder, 'audit-heads.log') };
}
const head = (entries: number) => ({ head: entries.toString(16).padStart(64, '0'), entries });

describe('the recorded heads of the audit log', () => {
  it('are listed in the order in which they were recorded, by another process too, and are for their owner only', async () => {
    const { folder, file } = folderOf();
    writeFileSync(file, '', { mode: 0o666 });
    await openAuditHeads(folder).record(head(1), 0);
    await openAuditHeads(folder).record(head(2), 1_000);
    expect(await openAuditHeads(folder).list()).toEqual([head(1), head(2)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('do not suffer from a line that a crash cut off', async () => {
    const { folder, file } = folderOf();
    await openAuditHeads(folder).record(head(1), 0);
    appendFileSync(file, '{"at":"2026-01-01T00:00:00.000Z","head":"00');
    const heads = openAuditHeads(folder);
    await heads.record(head(2), 1_000);
    await heads.record(head(3), 2_000);
    expect(await heads.list()).toEqual([head(1), head(2), head(3)]);
  });

  it('are expected no more after a restore', async () => {
    const { folder } = folderOf();
    const heads = openAuditHeads(folder);
    await heads.record(head(5), 0);
    await heads.noteRestore(1_000);
    expect(await heads.list()).toEqual([]);
    await heads.record(head(3), 2_000);
    expect(await heads.list()).toEqual([head(3)]);
  });

  it('take a bounded space, and the newest ones are kept', async () => {
    const { folder, file } = folderOf();
    const line = `${JSON.stringify({ at: '2026-01-01T00:00:00.000Z', ...head(7) })}\n`;
    writeFileSync(file, line.repeat(Math.ceil(1_048_576 / line.length)));
    const heads = openAuditHeads(folder);
    await heads.record(head(8), 0);
    expect(statSync(file).size).toBeLessThan(1_000);
    expect((await heads.list()).at(-1)).toEqual(head(8));
    writeFileSync(file, line.repeat(Math.ceil(1_048_576 / line.length)));
    await heads.record(head(9), 0);
    expect(statSync(file).size + statSync(`${file}.1`).size).toBeLessThan(1_100_000);
    expect((await heads.list()).at(-1)).toEqual(head(9));
  });
});

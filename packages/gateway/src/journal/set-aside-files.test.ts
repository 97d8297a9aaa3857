import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { journalDamaged, setAsideLoop } from '../engine/upkeep/sweep-set-aside-files.ts';
import { createSetAsideFiles, setAsideDays } from './set-aside-files.ts';

const base = mkdtempSync(join(tmpdir(), 'chatferry-set-aside-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const dayMs = 24 * 3_600_000;
const nowMs = Date.parse('2026-01-31T12:00:00Z');
const damaged = 'calls-mine-000000000001-000000000001.log.damaged';
const waiting = 'results-mine-000000000001-000000000002.log';
const foreign = 'results-before-the-restore-000000000001-000000000001.log';

/** A folder with a file of each sort, last written this many days ago. */
function arrange(ageDays: number) {
  const folder = mkdtempSync(join(base, 'journal-'));
  for (const file of [damaged, waiting, foreign, 'notes.txt']) {
    writeFileSync(join(folder, file), 'words');
    const at = new Date(nowMs - ageDays * dayMs);
    utimesSync(join(folder, file), at, at);
  }
  const log = { warn: () => undefined, error: () => undefined };
  const files = createSetAsideFiles({ folder, installationId: 'mine', log });
  return { folder, files, left: () => readdirSync(folder).sort() };
}

describe('a damaged file of the journal', () => {
  it('stays for some days, and an alarm says when it is deleted', async () => {
    const { files, left, folder } = arrange(setAsideDays - 1);
    await files.sweep(nowMs, null);
    expect(left()).toEqual([damaged, 'notes.txt', foreign, waiting].sort());
    expect(files.damaged().map(journalDamaged)).toMatchObject([
      { kind: 'journal-damaged', subject: join(folder, damaged), remedy: expect.stringContaining('2026-02-01T12:00') },
    ]);
  });

  it('is deleted after that, as is a file of another database, and files that wait are not', async () => {
    const { files, left } = arrange(setAsideDays);
    await files.sweep(nowMs, null);
    expect([left(), files.damaged()]).toEqual([['notes.txt', waiting], []]);
  });

  it('is deleted when a customer was erased after it was written, and not for an earlier erasure', async () => {
    const { files, left } = arrange(1);
    await files.sweep(nowMs, nowMs - 2 * dayMs);
    expect(left()).toContain(damaged);
    await files.sweep(nowMs, nowMs - dayMs);
    expect(left()).toEqual(['notes.txt', foreign, waiting].sort());
  });

  it('is deleted by every process, not only by the one that carries out the erasure', async () => {
    const { files, left } = arrange(1);
    const stop = new AbortController();
    const clock = { nowMs: () => nowMs, monotonicMs: () => 0, sleep: async () => stop.abort() };
    const erasedAtMs = nowMs - 3_600_000;
    const erased = { workspaceId: 'wsp_1', digest: Buffer.alloc(0), erasedAtMs, removedAtMs: erasedAtMs };
    const store = { erasures: { list: async () => [erased] } };
    await setAsideLoop({ files, store, clock }).run(stop.signal);
    expect(left()).not.toContain(damaged);
  });

  it('stays if the erasure removed nothing', async () => {
    const { files, left } = arrange(1);
    const stop = new AbortController();
    const clock = { nowMs: () => nowMs, monotonicMs: () => 0, sleep: async () => stop.abort() };
    const erased = { workspaceId: 'wsp_1', digest: Buffer.alloc(0), erasedAtMs: nowMs, removedAtMs: null };
    await setAsideLoop({ files, store: { erasures: { list: async () => [erased] } }, clock }).run(stop.signal);
    expect(left()).toContain(damaged);
  });
});

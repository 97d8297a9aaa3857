import { scriptedChannel } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../core/inbox/entry.ts';
import { createFileBudget } from '../../core/memory/file-budget.ts';
import type { SharedFile } from '../../core/message/content.ts';
import type { DownloadOutcome } from '../../ports/channel.ts';
import type { AppendedEntry, Inbox, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { partsOf } from './file-parts.ts';
import { type FilesToMirror, fileBudgetLimits, fileLimits, mirrorFiles } from './mirror-files.ts';

const file = (fileId: string, sizeBytes: number | null = 10): SharedFile => ({
  media: 'photo',
  fileId,
  fileUniqueId: null,
  name: `${fileId}.jpg`,
  mediaType: null,
  sizeBytes,
  caption: null,
});
const words: InboxEntry = {
  key: 'k',
  author: { kind: 'customer', name: 'Ada' },
  body: { blocks: [{ kind: 'text', text: 'My cats' }], extras: [] },
  happenedAtMs: 0,
};
const refused: DownloadOutcome = { kind: 'refused', broken: false, providerCode: 400, detail: 'gone' };
const unavailable: DownloadOutcome = { kind: 'unavailable', retryAfterMs: 3_000, detail: 'down' };

/** A chat in an inbox, with what files need of it. */
function arrange(given: {
  readonly opensWithFiles?: boolean;
  readonly hasConversation?: boolean;
  readonly files: readonly SharedFile[];
  readonly failures?: number;
  readonly isConversationGone?: boolean;
  readonly download?: (fileId: string) => DownloadOutcome;
  readonly refuse?: (entry: InboxEntry) => InboxOutcome<AppendedEntry> | null;
}) {
  const { opensWithFiles = true, hasConversation = true, files, failures = 0 } = given;
  const ledger = new Map<string, string>();
  const open = new Set<string>();
  let isOpen = hasConversation;
  let refuse = given.refuse ?? (() => null);
  let { download } = given;
  const message: FilesToMirror = {
    channel: scriptedChannel({
      download: async (fileId) => download?.(fileId) ?? { kind: 'ok', value: { content: Buffer.from(fileId) } },
    }),
    failureOf: (outcome) =>
      outcome.kind === 'too-large' ? outcome : { kind: 'not-fetched', from: 'Telegram', detail: outcome.detail },
    inbox: { opensWithFiles } as Inbox,
    entry: words,
    files,
    failures,
    channelId: 'chn_1',
    conversation: async () => ({ isOpen, generation: 1 }),
    stateOf: async (key) => (ledger.has(key) ? 'written' : open.has(key) ? 'open' : 'absent'),
    isConversationGone: given.isConversationGone ?? false,
    queueFiles: async () => {
      ledger.set('files', 'queued');
      return { kind: 'ok', value: null };
    },
    reportOversizedFile: async () => undefined,
    async write(entry, isLast) {
      const refusal = refuse(entry);
      if (refusal?.kind === 'uncertain') open.add(entry.key);
      if (refusal) return refusal;
      open.delete(entry.key);
      const names = (entry.attachments ?? []).map(({ name }) => name).join(' ');
      ledger.set(entry.key, `${plainText(entry.body)} [${names}]${isLast ? ' done' : ''}`);
      isOpen = true;
      return { kind: 'ok', value: { entryId: entry.key, conversationId: 'c', remark: null } };
    },
  };
  const deps = {
    fileLimits: { ...fileLimits, entryMaxBytes: 100, triesMax: 3 },
    fileBudget: createFileBudget(fileBudgetLimits),
  };
  return {
    run: () => mirrorFiles(deps, message),
    written: () => Object.fromEntries(ledger),
    lose: () => {
      isOpen = false;
    },
    breakFiles: () => {
      download = () => unavailable;
    },
    recover: () => {
      refuse = () => null;
    },
  };
}

describe('a message with files', () => {
  it('becomes one entry if it fits', async () => {
    const { run, written } = arrange({ files: [file('a'), file('b')] });
    expect((await run()).kind).toBe('ok');
    expect(written()).toEqual({ k: 'My cats [a.jpg b.jpg] done' });
  });

  it('is opened by its words if the inbox cannot open a conversation with a file', async () => {
    const { run, written } = arrange({ files: [file('a')], opensWithFiles: false, hasConversation: false });
    await run();
    expect(written()).toEqual({ 'k:opening': 'My cats []', k: '⁂ (the photo “a.jpg”) [a.jpg] done' });
  });

  it('continues behind its opening entry if writing the file failed', async () => {
    const refuse = (entry: InboxEntry) => (entry.key === 'k' ? ({ kind: 'uncertain', detail: 'cut' } as const) : null);
    const given = { files: [file('a')], opensWithFiles: false, hasConversation: false, refuse };
    const { run, written, recover } = arrange(given);
    expect((await run()).kind).toBe('uncertain');
    recover();
    await run();
    expect(written()).toEqual({ 'k:opening': 'My cats []', k: '⁂ (the photo “a.jpg”) [a.jpg] done' });
  });

  it('becomes several entries if it is too large for one, and a repeated try continues with the one that failed', async () => {
    const refuse = (entry: InboxEntry) =>
      entry.key === 'k:2' ? ({ kind: 'deferred', retryAfterMs: null, detail: 'later' } as const) : null;
    const { run, written, recover } = arrange({ files: [file('a', 60), file('b', 60), file('c', 30)], refuse });
    expect((await run()).kind).toBe('deferred');
    expect(written()).toEqual({ k: 'My cats [a.jpg]' });
    recover();
    await run();
    expect(written()).toEqual({ k: 'My cats [a.jpg]', 'k:2': '⁂ (2 files) [b.jpg c.jpg] done' });
  });

  it('is written without its file at once if the file is not there, and leaves the file to its own lane', async () => {
    const { run, written } = arrange({ files: [file('a')], download: () => unavailable });
    expect((await run()).kind).toBe('ok');
    expect(written()).toEqual({ 'k:opening': 'My cats\n⁂ (the photo “a.jpg” follows) []', files: 'queued' });
  });

  it('has its words written again if the lane of its files found the conversation gone', async () => {
    const { run, written, lose } = arrange({
      files: [file('a')],
      download: () => unavailable,
      isConversationGone: true,
    });
    await run();
    lose();
    await run();
    expect(Object.keys(written())).toEqual(['k:opening', 'files', 'k:again:1']);
  });

  it('waits for its file if an earlier try may have written it, and has a line in its place after too many failures', async () => {
    const given = { files: [file('a')], refuse: () => ({ kind: 'uncertain', detail: 'cut' }) as const };
    const waiting = arrange({ ...given, failures: 2 });
    expect((await waiting.run()).kind).toBe('uncertain');
    waiting.breakFiles();
    expect(await waiting.run()).toEqual({ kind: 'deferred', retryAfterMs: 3_000, detail: 'down' });
    const givenUp = arrange({ ...given, failures: 3 });
    await givenUp.run();
    givenUp.breakFiles();
    givenUp.recover();
    expect((await givenUp.run()).kind).toBe('ok');
    expect(givenUp.written()).toEqual({
      k: 'My cats\n⁂ (the photo “a.jpg” could not be fetched from Telegram: down) [] done',
    });
  });

  it('has a line for each file that cannot be fetched, beside the other files', async () => {
    const download = (fileId: string): DownloadOutcome =>
      fileId === 'a'
        ? refused
        : fileId === 'b'
          ? { kind: 'too-large', maxBytes: 1024 }
          : { kind: 'ok', value: { content: Buffer.from('c') } };
    const { run, written } = arrange({ files: [file('a'), file('b'), file('c')], download });
    await run();
    expect(written()['k']).toBe(
      'My cats\n⁂ (the photo “a.jpg” could not be fetched from Telegram: gone)\n⁂ (the photo “b.jpg” (10 bytes) is too large to be fetched: the limit is 1 KB; ask the customer to send it another way) [c.jpg] done',
    );
  });

  it('has a line if the inbox refuses its file, and is rejected if it refuses the words too', async () => {
    const no = { kind: 'rejected', detail: 'no' } as const;
    const filesOnly = arrange({ files: [file('a')], refuse: (entry) => (entry.attachments?.length ? no : null) });
    await filesOnly.run();
    expect(filesOnly.written()).toEqual({ k: 'My cats\n⁂ (the inbox did not take the photo “a.jpg”: no) [] done' });
    const all = arrange({ files: [file('a')], refuse: () => no });
    expect(await all.run()).toEqual(no);
  });
});

describe('the parts of a message', () => {
  const idsOf = (files: readonly SharedFile[]) => partsOf(files, 100).map((part) => part.map(({ fileId }) => fileId));

  it('are as few as the size of an entry and its ten files allow, in order', () => {
    expect(idsOf([file('a', 50), file('b', 50), file('c', 1)])).toEqual([['a', 'b'], ['c']]);
    expect(idsOf([file('a', 500), file('b', 1)])).toEqual([['a'], ['b']]);
    const many = Array.from({ length: 12 }, (_, at) => file(String(at), null));
    expect(idsOf(many).map((part) => part.length)).toEqual([10, 2]);
  });
});

import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { describe, expect, it } from 'vitest';
import { copyToNewFile, createFile, createFileSync, createPartial, openEmptied } from './create-file.ts';

const ways: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['createFile', createFile],
  ['createFileSync', async (path) => createFileSync(path)],
  ['copyToNewFile', (path) => copyToNewFile(import.meta.filename, path)],
];

describe('a new file', () => {
  it.each(ways)('is not created by %s over a file, or through a link, that is there already', (_name, create) =>
    withTemporaryFolder('chatferry-files-', async (folder) => {
      const [file, link, target] = ['file', 'link', 'target'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, 'of another');
      symlinkSync(target, link);
      await expect(create(file)).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(create(link)).rejects.toMatchObject({ code: 'EEXIST' });
      expect(readFileSync(file, 'utf8')).toBe('of another');
      expect(() => statSync(target)).toThrow();
    }),
  );

  it('is for its owner only, and a partial one has a name that cannot be guessed', () =>
    withTemporaryFolder('chatferry-files-', async (folder) => {
      const before = process.umask(0);
      try {
        const { partial, handle } = await createPartial(join(folder, 'backup'));
        await handle.close();
        expect(statSync(partial).mode & 0o777).toBe(0o600);
        expect(partial).toMatch(/backup\.[0-9a-f]{16}\.partial$/);
      } finally {
        process.umask(before);
      }
    }));

  it('is not emptied through a link', () =>
    withTemporaryFolder('chatferry-files-', async (folder) => {
      const [target, link] = [join(folder, 'target'), join(folder, 'link')];
      writeFileSync(target, 'of another');
      symlinkSync(target, link);
      expect(() => openEmptied(link)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
      expect(readFileSync(target, 'utf8')).toBe('of another');
    }));
});

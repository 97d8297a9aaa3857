import { expect } from 'vitest';
import type { Desk } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

interface SeenFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** One entry with its files. */
export interface SeenFiles {
  readonly text: string;
  readonly files: readonly SeenFile[];
}

/** The entries with their files, read as the inbox serves them. */
export async function filesIn(desk: Desk): Promise<readonly SeenFiles[]> {
  const { intercom, hubspot, url } = desk.rig.sandbox;
  const given =
    desk.kind === 'intercom'
      ? intercom
          .conversations(desk.accountId)
          .flatMap(({ id }) =>
            intercom.transcript(desk.accountId, id).entries.map(({ text, attachments }) => ({ text, attachments })),
          )
      : hubspot
          .threads(desk.accountId)
          .flatMap(({ id }) =>
            hubspot.transcript(desk.accountId, id).entries.map(({ text, attachments }) => ({ text, attachments })),
          );
  return Promise.all(
    given.map(async ({ text, attachments }) => ({
      text,
      files: await Promise.all(
        attachments.map(async (attachment) => {
          const at = new URL(String(attachment['url' as keyof typeof attachment]), `${url}/hubspot/`);
          const served = await fetch(new URL(at.pathname + at.search, url));
          return {
            name: String(attachment['name' as keyof typeof attachment]),
            mediaType: served.headers.get('content-type') ?? '',
            content: Buffer.from(await served.arrayBuffer()),
          };
        }),
      ),
    })),
  );
}

/** One line for each entry: its text, then its files by name and type. */
export const told = (entries: readonly SeenFiles[]): readonly string[] =>
  entries.map(({ text, files }) =>
    [...text.split('\n').filter((line) => line.trim() !== ''), ...files.map((file) => `${file.name} ${file.mediaType}`)]
      .map((line) => line.trim().replace(/sent at \d\d:\d\d:\d\d UTC, message \d+/, 'sent at some time'))
      .join(' | '),
  );

/** Resolves with the entries once they are `entries`, as `told` shows them. */
export const readsWithFiles = (desk: Desk, ...entries: readonly string[]) =>
  eventually(async () => {
    await makeRetriesDue(desk.rig);
    const seen = await filesIn(desk);
    expect(told(seen)).toEqual(entries);
    return seen;
  });

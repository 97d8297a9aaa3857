import { markText, providerWords } from '../message/mark-text.ts';
import type { EntryBody } from './entry.ts';

/** A note behind an entry names it, so that a repetition finds the note again and two entries have a note each. */
export const noteBody = ({ text, entryId }: { readonly text: string; readonly entryId: string }): EntryBody => ({
  blocks: [
    { kind: 'text', text },
    { kind: 'mark', text: markText`reply ${providerWords(entryId)}` },
  ],
  extras: [],
});

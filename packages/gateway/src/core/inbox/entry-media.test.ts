import { describe, expect, it } from 'vitest';
import type { InboundContent, SharedFile } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { markText } from '../message/mark-text.ts';
import { plainText } from './entry.ts';
import { filesOf } from './files.ts';
import { bodyOfInbound, isCustomerSpeech } from './inbound-body.ts';

const did = (content: InboundContent, change: Partial<InboundEvent> = {}): InboundEvent => ({
  chat: { chatId: '42', kind: 'private', title: 'Grace Hopper', username: null, topicId: null },
  author: { userId: '42', name: 'Grace Hopper', username: null, languageCode: null },
  channelMessageId: '7',
  happenedAtMs: 0,
  editedAtMs: null,
  content,
  answers: null,
  ...change,
});
const photo: SharedFile = {
  media: 'photo',
  fileId: 'f',
  fileUniqueId: null,
  name: null,
  mediaType: null,
  sizeBytes: 5,
  caption: null,
};
const read = (content: InboundContent, change?: Partial<InboundEvent>) =>
  plainText(bodyOfInbound(did(content, change), null));

describe('a file in the inbox', () => {
  it('is shown as its caption and its kind', () => {
    expect(read({ kind: 'file', ...photo, caption: 'My cat' })).toBe('My cat\n⁂ (sent a photo)');
    expect(read({ kind: 'file', ...photo })).toBe('⁂ (sent a photo)');
    expect(read({ kind: 'file', ...photo, media: 'document', name: 'a.pdf', sizeBytes: 2_048 })).toBe(
      '⁂ (sent a document “a.pdf”, 2 KB)',
    );
  });

  it('is shown together with the other files of its album', () => {
    const files = [photo, { ...photo, caption: 'Two cats' }, { ...photo, media: 'video' as const }];
    expect(read({ kind: 'album', files })).toBe('Two cats\n⁂ (sent 2 photos, 1 video as an album)');
  });

  it('has its words beside its name if several files of its album have words', () => {
    const files = [{ ...photo, caption: 'before' }, photo, { ...photo, caption: 'after' }];
    expect(read({ kind: 'album', files })).toBe(
      '⁂ (“photo-1.jpg”:)\nbefore\n⁂ (“photo-3.jpg”:)\nafter\n⁂ (sent 3 photos as an album)',
    );
    expect(filesOf({ kind: 'album', files }).map(({ name }) => name)).toEqual([
      'photo-1.jpg',
      'photo-2.jpg',
      'photo-3.jpg',
    ]);
  });

  it('that arrives after its album says so, and continues its numbers', () => {
    const late: InboundContent = { kind: 'album', files: [{ ...photo, caption: 'after' }], filesBefore: 2 };
    expect(read(late)).toBe('⁂ (“photo-3.jpg”:)\nafter\n⁂ (sent a photo, which belongs to the album before)');
  });

  it('keeps the name that it has, and gets a number if another one of its album has the same', () => {
    const scan = { ...photo, media: 'document', name: 'scan.pdf' } as const;
    const files = [scan, { ...photo, media: 'document', mediaType: 'text/csv' } as const, scan];
    expect(filesOf({ kind: 'album', files }).map(({ name }) => name)).toEqual([
      'scan.pdf',
      'document-2.csv',
      'scan (2).pdf',
    ]);
  });

  it('counts as said by the customer', () => {
    expect(isCustomerSpeech({ kind: 'file', ...photo })).toBe(true);
    expect(isCustomerSpeech({ kind: 'album', files: [photo] })).toBe(true);
  });

  it('is marked if it was forwarded, and content without a file is shown by its words', () => {
    expect(read({ kind: 'file', ...photo }, { forwardedFrom: 'Ada' })).toBe(
      '⁂ (forwarded from “Ada”)\n⁂ (sent a photo)',
    );
    expect(read({ kind: 'described', text: '🎲 4', mark: markText`threw a dice` })).toBe('🎲 4\n⁂ (threw a dice)');
  });
});

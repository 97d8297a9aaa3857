import { describe, expect, it } from 'vitest';
import type { InboundContent, SharedFile } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { markText } from '../message/mark-text.ts';
import { visibleChange } from './edits.ts';
import { plainText } from './entry.ts';
import { bodyOfInbound } from './inbound-body.ts';

const minute = 60_000;
const said = (content: InboundContent, editedAtMs: number | null = null): InboundEvent => ({
  chat: { chatId: '5', kind: 'private', title: 'Grace', username: null, topicId: null },
  author: { userId: '5', name: 'Grace', username: null, languageCode: null },
  channelMessageId: '7',
  happenedAtMs: 0,
  editedAtMs,
  content,
  answers: null,
});
const changed = (before: InboundContent | null, after: InboundContent, atMs = minute): InboundContent | null =>
  visibleChange(said(after, atMs), before && said(before))?.content ?? null;

const shownAs = (content: InboundContent | null): string | null =>
  content && plainText(bodyOfInbound(said(content), null));

const text = (words: string): InboundContent => ({ kind: 'text', text: words });

describe('an edited text', () => {
  it('is shown only if its words or their formatting changed', () => {
    expect(changed(text('Hello'), text('Hello!'))).toEqual(text('Hello!'));
    expect(changed(text('Hello'), text('Hello'))).toBeNull();
    const bold: InboundContent = {
      kind: 'text',
      text: 'Hello',
      spans: [{ kind: 'style', style: 'bold', start: 0, end: 5 }],
    };
    expect(changed(text('Hello'), bold)).toEqual(bold);
    expect(changed(bold, bold)).toBeNull();
  });

  it('is shown if its earlier version is unknown', () => {
    expect(changed(null, text('Hello'))).toEqual(text('Hello'));
  });
});

describe('an edited file', () => {
  const file: SharedFile = {
    media: 'photo',
    fileId: 'F',
    fileUniqueId: 'U',
    name: null,
    mediaType: null,
    sizeBytes: 1,
    caption: 'My cat',
  };
  const photo = (change: Partial<SharedFile> = {}): InboundContent => ({ kind: 'file', ...file, ...change });

  it('is not shown again: only its new words are', () => {
    expect(shownAs(changed(photo(), photo({ fileId: 'G', caption: 'My dog' })))).toBe('My dog');
    expect(changed(photo(), photo({ fileId: 'G' }))).toBeNull();
    expect(shownAs(changed(photo(), photo({ caption: null })))).toBe('⁂ (took the words under the photo away)');
    expect(changed(photo({ caption: null }), photo({ caption: null }))).toBeNull();
  });

  it('is not shown again after its words changed or were taken away', () => {
    const removed = changed(photo(), photo({ caption: null }));
    expect(changed(removed, photo({ caption: null }))).toBeNull();
    const reworded = changed(photo(), photo({ caption: 'My dog' }));
    expect(changed(reworded, photo({ caption: 'My dog' }))).toBeNull();
    expect(shownAs(changed(reworded, photo()))).toBe('My cat');
    expect(shownAs(changed(removed, photo()))).toBe('My cat');
  });

  it('is shown again if only the formatting of its words changed', () => {
    const captionSpans = [{ kind: 'style', style: 'strikethrough', start: 3, end: 6 }] as const;
    expect(shownAs(changed(photo(), photo({ captionSpans })))).toBe('My ~~cat~~');
  });

  it('is compared with what earlier versions stored of a changed caption', () => {
    expect(changed(text('My dog'), photo({ caption: 'My dog' }))).toBeNull();
    expect(shownAs(changed(text('My dog'), photo()))).toBe('My cat');
    const removed: InboundContent = { kind: 'described', text: '', mark: markText`removed the caption` };
    expect(changed(removed, photo({ caption: null }))).toBeNull();
    expect(shownAs(changed(removed, photo()))).toBe('My cat');
  });

  it('is compared with the right file of its album, and its new words name it', () => {
    const album: InboundContent = { kind: 'album', files: [{ ...file, fileUniqueId: 'V' }, file] };
    expect(changed(album, photo())).toBeNull();
    const reworded = changed(album, photo({ caption: 'My dog' }));
    expect(shownAs(reworded)).toBe('⁂ (“photo-2.jpg”:)\nMy dog');
    expect(changed(reworded, photo({ caption: 'My dog' }))).toBeNull();
    expect(changed(changed(album, photo({ caption: null })), photo({ caption: null }))).toBeNull();
  });

  it('is shown as a whole if it is another file now', () => {
    expect(changed(photo(), photo({ fileUniqueId: 'W' }))).toEqual(photo({ fileUniqueId: 'W' }));
  });
});

describe('an edited message of another kind', () => {
  const file: SharedFile = {
    media: 'photo',
    fileId: 'F',
    fileUniqueId: 'U',
    name: null,
    mediaType: null,
    sizeBytes: 1,
    caption: null,
  };
  const composed = (fileId: string, fileUniqueId = 'U'): InboundContent => ({
    kind: 'composed',
    parts: [
      { kind: 'words', text: 'Look' },
      { kind: 'file', file: { ...file, fileId, fileUniqueId } },
    ],
  });

  it('is shown only if the team would see it', () => {
    expect(changed(composed('F'), composed('G'))).toBeNull();
    expect(changed(composed('F'), composed('G', 'V'))).toEqual(composed('G', 'V'));
    const contact: InboundContent = { kind: 'contact', name: 'Bo', phone: '+1', own: false };
    expect(changed(contact, { ...contact, firstName: 'Bo' })).not.toBeNull();
    expect(changed(contact, contact)).toBeNull();
    const poll: InboundContent = { kind: 'described', text: 'Tea?', mark: markText`sent a poll` };
    expect(changed(poll, { ...poll })).toBeNull();
    expect(changed(poll, { ...poll, text: 'Tea or milk?' })).not.toBeNull();
  });
});

describe('a location', () => {
  const at = (latitude: number, live?: 'moved' | 'ended'): InboundContent => ({
    kind: 'location',
    latitude,
    longitude: 2,
    live: live && { phase: live },
  });
  const started: InboundContent = { ...at(1), live: { phase: 'started', seconds: 900 } } as InboundContent;

  it('is shown once if it does not move, whatever Telegram edits', () => {
    expect(changed(at(1), at(1, 'ended'))).toBeNull();
    expect(changed(at(1), at(1.5, 'ended'))).toMatchObject({ latitude: 1.5 });
    expect(changed(at(1), at(1.5, 'ended'))).not.toHaveProperty('live');
  });

  it('is shown at most every five minutes if it moves, and not for the inaccuracy of a device', () => {
    expect(changed(started, at(1.01, 'moved'), 4.9 * minute)).toBeNull();
    expect(changed(started, at(1.01, 'moved'), 5 * minute)).toMatchObject({ live: { phase: 'moved' } });
    expect(changed(started, at(1.0001, 'moved'), 60 * minute)).toBeNull();
  });

  it('is shown at once when it ends, and only once', () => {
    expect(changed(started, at(1, 'ended'), 1)).toMatchObject({ live: { phase: 'ended' } });
    expect(changed(at(1, 'ended'), at(1, 'ended'))).toBeNull();
  });

  it('is shown if its earlier version is unknown', () => {
    expect(changed(null, at(1, 'moved'))).toMatchObject({ latitude: 1 });
  });
});

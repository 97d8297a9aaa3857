import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';

describe('the name of a file', () => {
  it.each([
    // A slash belongs to the name.
    ['AC/DC - Thunderstruck', 'audio/mpeg', 'AC-DC - Thunderstruck.mp3'],
    ['Invoice 05/2026.pdf', 'application/pdf', 'Invoice 05-2026.pdf'],
    ['a\\b/c.txt', 'text/plain', 'a-b-c.txt'],
    ['a/../b.txt', 'text/plain', 'a-b.txt'],
    ['/etc/passwd', 'text/plain', 'passwd.txt'],
    // What follows a dot need not be an ending.
    ['Invoice 05.2026', 'application/pdf', 'Invoice 05.2026.pdf'],
    ['Notes v1.2', 'text/plain', 'Notes v1.2.txt'],
    ['Letter to Dr.Smith', 'text/plain', 'Letter to Dr.Smith.txt'],
    ['Letter to Dr.Smith', 'application/pdf', 'Letter to Dr.Smith.pdf'],
    ['photo.exe', 'image/png', 'photo.exe.png'],
    ['photo.jpg', 'image/webp', 'photo.webp'],
    ['photo.jpg', 'application/pdf', 'photo.jpg.pdf'],
    // Every ending of the type is right, in either case.
    ['photo.JPEG', 'image/jpeg', 'photo.JPEG'],
    ['main.py', 'text/plain', 'main.py'],
    ['plan.pages', 'application/zip', 'plan.pages'],
    ['archive.tar.gz', 'application/gzip', 'archive.tar.gz'],
    ['raw.DNG', 'image/tiff', 'raw.DNG'],
    ['plan.dwg', 'application/octet-stream', 'plan.dwg'],
    ['Plan', 'application/octet-stream', 'Plan'],
    ['Brief', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'Brief.docx'],
    // Joiners of emoji and words, and the tags of a flag, are letters.
    ['👩‍💻.png', 'image/png', '👩‍💻.png'],
    ['می‌خواهم.pdf', 'application/pdf', 'می‌خواهم.pdf'],
    [
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}.png',
      'image/png',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}.png',
    ],
    ['a\u{E0061}\u200d\u200d\u200db\u2066.pdf', 'application/pdf', 'a\u200db.pdf'],
    // What looks blank is no name.
    ['\u3164', 'application/pdf', 'document.pdf'],
    ['\u200d\u2800', 'application/pdf', 'document.pdf'],
  ])('%j of type %s is %j', (name, mediaType, expected) => {
    expect(fileNameOf({ name, media: 'document' }, mediaType)).toBe(expected);
  });

  it('keeps its beginning and its extension if it is long', () => {
    const name = `Report ${'😀'.repeat(5_000)}.pdf`;
    const shown = fileNameOf({ name, media: 'document' }, 'application/pdf');
    expect([...shown]).toHaveLength(120);
    expect(shown).toMatch(/^Report 😀+\.pdf$/u);
  });
});

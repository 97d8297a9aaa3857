import { describe, expect, it } from 'vitest';
import { type Desk, type InboxKind, inboxKinds, openDesk, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';
const began = 1_790_000_000;
const jpeg = Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(200, 7)]);
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(200, 7)]);
const mp3 = Buffer.concat([Buffer.from('ID3\x04', 'latin1'), Buffer.alloc(200, 7)]);

interface Account {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
}

/** A desk, and a customer whose raw messages it gets. */
async function open(kind: InboxKind, account: Account = { first_name: 'Grace' }) {
  const desk = await openDesk(rig, kind);
  const { chat_id } = telegram.createChat({ bot_id: desk.bot.botId, user: account });
  const at = { bot_id: desk.bot.botId, chat_id };
  const { chat, user } = telegram.transcript(at);
  const message = (id: number, fields: object) => ({ message_id: id, date: began, chat, from: user, ...fields });
  return {
    desk,
    at,
    sends: (id: number, fields: object) => telegram.sendUpdate(at, { update: { message: message(id, fields) } }),
    edits: (id: number, fields: object) => telegram.sendUpdate(at, { update: { edited_message: message(id, fields) } }),
  };
}

/** What the inbox has, with the names of the files behind each entry. */
function entriesIn(desk: Desk) {
  const files =
    desk.kind === 'intercom'
      ? intercom
          .conversations(desk.accountId)
          .flatMap(({ id }) => intercom.transcript(desk.accountId, id).entries.map(({ attachments }) => attachments))
      : hubspot
          .threads(desk.accountId)
          .flatMap(({ id }) => hubspot.transcript(desk.accountId, id).entries.map(({ attachments }) => attachments));
  const names = files.map((list) => list.map((file) => (file as { readonly name?: string }).name).filter(Boolean));
  const entries = desk.conversations().flatMap((one) => one.entries);
  return entries.map((entry, at) => [shown(entry), ...(names[at] ?? [])].join(' | '));
}

const reads = (desk: Desk, ...entries: readonly string[]) =>
  eventually(() => expect(entriesIn(desk)).toEqual([started, ...entries.map((entry) => `customer: ${entry}`)]));

const extrasIn = (desk: Desk) =>
  desk.conversations().flatMap(({ entries }) => entries.flatMap(({ attachments }) => attachments));

describe.each(inboxKinds)('what a customer sends, in %s,', (kind) => {
  it('is complete if it is a rich message: words, addresses, files, and what is not known', async () => {
    const { desk, at, sends } = await open(kind);
    const { file_id } = telegram.file(at, { kind: 'photo', bytes: jpeg });
    await reads(desk, '⁂ (sent a photo) | photo.jpg');
    const link = { type: 'url', text: 'terms', url: 'https://example.com/terms' };
    sends(900, {
      rich_message: {
        blocks: [
          { type: 'details', summary: 'Order', blocks: [{ type: 'paragraph', text: ['See ', link] }] },
          {
            type: 'photo',
            photo: [{ file_id, file_unique_id: 'U', width: 1, height: 1 }],
            caption: { text: 'Broken', credit: 'Me' },
          },
          { type: 'map', location: { latitude: 52.5, longitude: 13.4 } },
          { type: 'hologram', text: 'Spin' },
        ],
      },
    });
    const place = 'https://maps.google.com/?q=52.5,13.4';
    await reads(
      desk,
      '⁂ (sent a photo) | photo.jpg',
      `Order | See terms (https://example.com/terms) | ⁂ (the photo) | Broken | — Me | 52.5, 13.4 ${place} | Spin | ` +
        '⁂ (a part of the message that Chatferry does not know: hologram) | photo.jpg',
    );
  });

  it('has everything that is on a shared card', async () => {
    const { desk, sends } = await open(kind);
    const vcard = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:Plumber Joe',
      'ORG:Joe & Sons',
      'TEL;TYPE=CELL:+15550100',
      'TEL;TYPE=WORK:+15550199',
      'EMAIL:joe@example.test',
      'ADR;TYPE=WORK:;;1 Main St;Springfield;;12345;US',
      'END:VCARD',
    ].join('\n');
    sends(900, { contact: { phone_number: '+15550100', first_name: 'Plumber', last_name: 'Joe', vcard } });
    await reads(
      desk,
      'Plumber Joe +15550100 | +15550199 (work) | joe@example.test | Joe & Sons | 1 Main St, Springfield, 12345, US (work) | ⁂ (shared a contact)',
    );
    const card = {
      type: 'CONTACT',
      contactProfile: {
        name: { firstName: 'Plumber', lastName: 'Joe' },
        phones: [
          { phone: '+15550100', type: 'CELL' },
          { phone: '+15550199', type: 'WORK' },
        ],
        emails: [{ email: 'joe@example.test' }],
        urls: [],
        addresses: [{ street: '1 Main St', city: 'Springfield', zip: '12345', country: 'US', type: 'WORK' }],
        org: { company: 'Joe & Sons' },
      },
    };
    expect(extrasIn(desk)).toEqual(kind === 'hubspot' ? [card] : []);
  });

  it('says which words of an album belong to which photo', async () => {
    const { desk, at } = await open(kind);
    telegram.album(at, {
      files: [
        { kind: 'photo', bytes: jpeg, caption: 'before' },
        { kind: 'photo', bytes: jpeg },
        { kind: 'photo', bytes: jpeg, caption: 'after' },
      ],
    });
    await reads(
      desk,
      '⁂ (“photo-1.jpg”:) | before | ⁂ (“photo-3.jpg”:) | after | ⁂ (sent 3 photos as an album) | photo-1.jpg | photo-2.jpg | photo-3.jpg',
    );
  });

  it('belongs to its album, also if it arrives long after the first photo', async () => {
    const { desk, at, sends } = await open(kind);
    const { file_id } = telegram.file(at, { kind: 'photo', bytes: jpeg });
    const first = '⁂ (sent a photo) | photo.jpg';
    await reads(desk, first);
    const photo = (caption: string) => ({
      media_group_id: '77',
      photo: [{ file_id, file_unique_id: caption, width: 1, height: 1 }],
      caption,
    });
    sends(900, photo('one'));
    await reads(desk, first, `one | ${first}`);
    telegram.text(at, { text: 'Wait' });
    await reads(desk, first, `one | ${first}`, 'Wait');
    sends(901, photo('two'));
    const second = '⁂ (“photo-2.jpg”:) | two | ⁂ (sent a photo, which belongs to the album before) | photo-2.jpg';
    await reads(desk, first, `one | ${first}`, 'Wait', second);
    sends(902, photo('three'));
    const third = '⁂ (“photo-3.jpg”:) | three | ⁂ (sent a photo, which belongs to the album before) | photo-3.jpg';
    await reads(desk, first, `one | ${first}`, 'Wait', second, third);
  });

  it('has signs for the formatting that changes its meaning', async () => {
    const { desk, sends } = await open(kind);
    sends(900, {
      text: 'Please cancel keep my order, he said\nNo way\nGo here',
      entities: [
        { type: 'strikethrough', offset: 7, length: 6 },
        { type: 'spoiler', offset: 22, length: 5 },
        { type: 'blockquote', offset: 37, length: 6 },
        { type: 'text_link', offset: 47, length: 4, url: 'tonsite://order.ton' },
      ],
    });
    await reads(desk, 'Please ~~cancel~~ keep my ||order||, he said | > No way | Go here (tonsite://order.ton)');
    if (kind === 'hubspot') {
      const [thread] = hubspot.threads(desk.accountId);
      const { entries } = hubspot.transcript(desk.accountId, thread?.id ?? '');
      expect(entries.at(-1)?.rich_text).toBe(
        '<p>Please ~~cancel~~ keep my ||order||, he said<br>&gt; No way<br>Go here (tonsite://order.ton)</p>',
      );
    }
  });

  it.each<readonly [Account, (chatId: number) => string]>([
    [{ first_name: '\u3164', username: 'ghost_user' }, () => 'ghost_user'],
    [{ first_name: '\u2800', last_name: '\u200d' }, (chatId) => String(chatId)],
    [{ first_name: '\u3164', last_name: 'Smith' }, () => 'Smith'],
  ])('comes from a contact with a name that can be seen: %j', async (account, nameFor) => {
    const { desk, at } = await open(kind, account);
    telegram.text(at, { text: 'hello' });
    await reads(desk, 'hello');
    expect(desk.conversations()).toMatchObject([{ contact: { name: nameFor(at.chat_id) } }]);
  });

  it('has files with their names, and with the right endings', async () => {
    const { desk, at } = await open(kind);
    telegram.file(at, {
      kind: 'audio',
      bytes: mp3,
      mime_type: 'audio/mpeg',
      performer: 'AC/DC',
      title: 'Thunderstruck',
    });
    telegram.file(at, { kind: 'document', bytes: pdf, file_name: 'Invoice 05/2026.pdf', mime_type: 'application/pdf' });
    telegram.file(at, { kind: 'document', bytes: pdf, file_name: 'Invoice 05.2026', mime_type: 'application/pdf' });
    telegram.file(at, { kind: 'document', bytes: pdf, file_name: '👩‍💻.pdf', mime_type: 'application/pdf' });
    telegram.file(at, { kind: 'document', bytes: pdf, file_name: '\u3164', mime_type: 'application/pdf' });
    const wanted = [
      started,
      'AC-DC - Thunderstruck.mp3',
      'Invoice 05-2026.pdf',
      'Invoice 05.2026.pdf',
      '👩‍💻.pdf',
      'document.pdf',
    ];
    await eventually(() => expect(entriesIn(desk).map((entry) => entry.split(' | ').at(-1))).toEqual(wanted));
  });

  it('is not shown again by an edit that changed nothing, also after its words were taken away', async () => {
    const { desk, at, sends, edits } = await open(kind);
    const { file_id } = telegram.file(at, { kind: 'photo', bytes: jpeg });
    const first = '⁂ (sent a photo) | photo.jpg';
    await reads(desk, first);
    const photo = { photo: [{ file_id, file_unique_id: 'U', width: 1, height: 1 }] };
    sends(900, { ...photo, caption: 'my card number is 1234' });
    edits(900, { ...photo, edit_date: began + 1 });
    edits(900, { ...photo, edit_date: began + 2 });
    // Without a date of its own.
    edits(900, photo);
    sends(901, { contact: { phone_number: '+15550100', first_name: 'Joe' } });
    edits(901, { contact: { phone_number: '+15550100', first_name: 'Joe', user_id: 4 }, edit_date: began + 3 });
    const rich = { rich_message: { blocks: [{ type: 'photo', ...photo }] } };
    sends(902, rich);
    edits(902, { ...rich, edit_date: began + 4 });
    sends(903, { text: 'Passed on', forward_origin: { type: 'hidden_user', sender_user_name: 'Ada', date: 1 } });
    edits(903, { text: 'Passed on', edit_date: began + 5 });
    // What did change is shown, whether or not Telegram says when.
    sends(904, { text: 'Helo' });
    edits(904, { text: 'Hello' });
    telegram.text(at, { text: 'That is all' });
    await reads(
      desk,
      first,
      `my card number is 1234 | ${first}`,
      '⁂ (took the words under the photo away) | ⁂ (edited)',
      'Joe +15550100 | ⁂ (shared a contact)',
      '⁂ (the photo) | photo.jpg',
      '⁂ (forwarded from “Ada”) | Passed on',
      'Helo',
      'Hello | ⁂ (edited)',
      'That is all',
    );
  });
});

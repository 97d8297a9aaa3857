import { describe, expect, it } from 'vitest';
import { readVcard } from './read-vcard.ts';

const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD'].join('\r\n');

describe('a vCard', () => {
  it('says all numbers, addresses and the organisation', () => {
    const joe = card(
      'FN:Plumber Joe',
      'N:Joe;Plumber;M.;Dr.;Jr.',
      'ORG:Joe & Sons;Pipes',
      'TITLE:Owner',
      'TEL;TYPE=CELL:+15550100',
      'TEL;TYPE="work,voice":+15550199',
      'EMAIL;TYPE=INTERNET;TYPE=HOME:joe@example.test',
      'ADR;TYPE=WORK:Box 7;Floor 2;1 Main St;Springfield;IL;12345;US',
      'URL:https://joe.example.test',
      'BDAY:1990-01-31',
      'NOTE:Rings twice\\, then\\nknocks',
    );
    expect(readVcard(joe)).toEqual({
      formattedName: 'Plumber Joe',
      middleName: 'M.',
      prefix: 'Dr.',
      suffix: 'Jr.',
      company: 'Joe & Sons',
      department: 'Pipes',
      title: 'Owner',
      phones: [
        { value: '+15550100', types: ['cell'] },
        { value: '+15550199', types: ['work'] },
      ],
      emails: [{ value: 'joe@example.test', types: ['home'] }],
      urls: [{ value: 'https://joe.example.test', types: [] }],
      addresses: [
        {
          street: '1 Main St, Floor 2, Box 7',
          city: 'Springfield',
          region: 'IL',
          postalCode: '12345',
          country: 'US',
          types: ['work'],
        },
      ],
      others: [
        { name: 'birthday', value: '1990-01-31' },
        { name: 'note', value: 'Rings twice, then\nknocks' },
      ],
      hasMedia: false,
    });
  });

  it.each<readonly [string, readonly string[], object]>([
    ['continued lines', ['NOTE:one', '  two'], { others: [{ name: 'note', value: 'one two' }] }],
    ['escaped separators', ['ORG:A\\;B;C\\\\D'], { company: 'A;B', department: 'C\\D' }],
    ['version 2.1', ['TEL;CELL;PREF:+1', 'EMAIL;INTERNET:a@b.test'], { phones: [{ value: '+1', types: ['cell'] }] }],
    [
      'quoted-printable values over several lines',
      ['FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BC=', 'ller'],
      { formattedName: 'Müller' },
    ],
    ['Latin letters', ['FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller'], { formattedName: 'Müller' }],
    [
      'version 4.0',
      ['TEL;VALUE=uri;TYPE="voice,cell":tel:+1', 'EMAIL:mailto:a@b.test'],
      { phones: [{ value: '+1', types: ['cell'] }] },
    ],
    [
      'labels of Apple’s address book',
      ['item1.TEL:+1', 'item1.X-ABLabel:_$!<Main>!$_', 'item2.URL:https://a.test', 'item2.X-ABLabel:Shop'],
      { phones: [{ value: '+1', types: ['main'] }], urls: [{ value: 'https://a.test', types: ['shop'] }], others: [] },
    ],
    ['a colon in quotation marks', ['TEL;X-NOTE="a:b":+1'], { phones: [{ value: '+1', types: [] }] }],
    [
      'properties without a place of their own',
      ['X-SKYPE:joe', 'IMPP;TYPE=work:xmpp:joe@b.test'],
      {
        others: [
          { name: 'skype', value: 'joe' },
          { name: 'messenger', value: 'xmpp:joe@b.test (work)' },
        ],
      },
    ],
    ['a picture', ['PHOTO;ENCODING=b;TYPE=JPEG:AAAA', ' BBBB'], { hasMedia: true, others: [] }],
    ['names that look blank', ['FN:ㅤ', 'ORG:⠀'], { formattedName: null, company: null }],
  ])('is read with %s', (_what, lines, expected) => {
    expect(readVcard(card(...lines))).toMatchObject(expected);
  });

  it('that is none is shown as it is', () => {
    expect(readVcard('call Joe')).toMatchObject({ others: [{ name: 'card', value: 'call Joe' }] });
    expect(readVcard(' ')).toBeNull();
  });
});

import type { CardAddress, CardValue, ContactCard } from '../message/contact-card.ts';
import type { InboundContent } from '../message/content.ts';

type SharedContact = Extract<InboundContent, { kind: 'contact' }>;

/** The name and the number of a shared contact, then what else its card says, a line each. */
export function contactLines({ name, phone, card }: SharedContact): readonly string[] {
  const first = `${name} ${phone}`.trim();
  return card === undefined ? [first] : [first, ...cardLines(card, name, phone)];
}

function cardLines(card: ContactCard, name: string, phone: string): readonly string[] {
  const { formattedName } = card;
  const known = new Set(wordsIn(`${name} ${formattedName ?? ''}`));
  const furtherNames = wordsIn([card.prefix, card.middleName, card.suffix].join(' ')).filter(
    (word) => !known.has(word),
  );
  const number = digitsOf(phone);
  const organisation = [card.company, card.department, card.title].filter((part) => part !== null).join(', ');
  return [
    ...(formattedName === null || formattedName === name ? [] : [formattedName]),
    ...(furtherNames.length === 0 ? [] : [furtherNames.join(' ')]),
    ...card.phones.filter(({ value }) => digitsOf(value) !== number).map(valueLine),
    ...card.emails.map(valueLine),
    ...(organisation === '' ? [] : [organisation]),
    ...card.addresses.map(addressLine),
    ...card.urls.map(valueLine),
    ...card.others.map((other) => `${other.name}: ${other.value}`),
  ];
}

const wordsIn = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

const valueLine = ({ value, types }: CardValue): string => `${value}${typesText(types)}`;

const addressLine = ({ street, city, region, postalCode, country, types }: CardAddress): string =>
  `${[street, city, region, postalCode, country].filter((part) => part !== '').join(', ')}${typesText(types)}`;

const typesText = (types: readonly string[]): string => (types.length === 0 ? '' : ` (${types.join(', ')})`);

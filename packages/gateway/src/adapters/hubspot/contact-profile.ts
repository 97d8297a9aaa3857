import type { EntryExtra } from '../../core/inbox/entry.ts';
import type { CardAddress, CardValue } from '../../core/message/contact-card.ts';

type SharedContact = Extract<EntryExtra, { kind: 'contact' }>;

/**
 * A shared contact as HubSpot shows it. HubSpot: `ContactProfile` of the custom channels API; the four lists are
 * required, and every type is one of few words.
 */
export function contactProfile({ name, phone, firstName, lastName, card }: SharedContact): object {
  const number = digitsOf(phone);
  const further = (card?.phones ?? []).filter(({ value }) => digitsOf(value) !== number);
  return {
    name: present({
      firstName: firstName ?? (lastName ? null : name),
      lastName,
      middleName: card?.middleName,
      prefix: card?.prefix,
      suffix: card?.suffix,
    }),
    phones: [
      { phone, type: 'CELL' },
      ...further.map((number) => ({ phone: number.value, ...typeOf(number, phoneTypes) })),
    ],
    emails: (card?.emails ?? []).map((email) => ({ email: email.value, ...typeOf(email, placeTypes) })),
    urls: (card?.urls ?? []).map((url) => ({ url: url.value, ...typeOf(url, placeTypes) })),
    addresses: (card?.addresses ?? []).map(encodeAddress),
    ...organisation(card),
  };
}

const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

const placeTypes: Readonly<Record<string, string>> = { home: 'HOME', work: 'WORK' };
const phoneTypes: Readonly<Record<string, string>> = { ...placeTypes, cell: 'CELL', mobile: 'CELL', main: 'MAIN' };

/** Without a word that HubSpot knows it has no type. The text of the entry has the card's own words. */
function typeOf(
  { types }: Pick<CardValue, 'types'>,
  known: Readonly<Record<string, string>>,
): { readonly type?: string } {
  const [type] = types.flatMap((word) => (Object.hasOwn(known, word) ? [known[word]] : []));
  return type === undefined ? {} : { type };
}

function encodeAddress(address: CardAddress): object {
  const { street, city, region, postalCode, country } = address;
  return { ...present({ street, city, state: region, zip: postalCode, country }), ...typeOf(address, placeTypes) };
}

function organisation(card: SharedContact['card']): object {
  const org = present({ company: card?.company, department: card?.department, title: card?.title });
  return Object.keys(org).length === 0 ? {} : { org };
}

/** The fields that have words. */
const present = (fields: Readonly<Record<string, string | null | undefined>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value));

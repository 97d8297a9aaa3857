/**
 * The public id of an event: its place in the order of the log, as text of a fixed width in Crockford's base 32, so
 * that ids sort as text in reading order. The day at the end says in which partition the event is.
 */

/** The place of an event. `txid` and `seq` are decimal digits, `createdOn` is `YYYY-MM-DD`. */
export interface EventPlace {
  readonly era: number;
  readonly txid: string;
  readonly seq: string;
  readonly createdOn: string;
}

const prefix = 'evt_';
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Characters of era, txid, seq and day: 20, 64, 60 and 20 bits. */
const widths = { era: 4, txid: 13, seq: 12, day: 4 } as const;
const form = /^evt_[0-7][0-9abcdefghjkmnpqrstvwxyz]{3}[0-9a-f][0-9abcdefghjkmnpqrstvwxyz]{28}$/;
const dayMs = 86_400_000;

const write = (value: bigint, width: number): string => {
  let text = '';
  let left = value;
  for (let index = 0; index < width; index += 1) {
    text = (alphabet[Number(left & 31n)] ?? '') + text;
    left >>= 5n;
  }
  return text;
};

const read = (text: string): bigint => {
  let value = 0n;
  for (const character of text) value = (value << 5n) | BigInt(alphabet.indexOf(character));
  return value;
};

export const showEventId = ({ era, txid, seq, createdOn }: EventPlace): string =>
  prefix +
  write(BigInt(era), widths.era) +
  write(BigInt(txid), widths.txid) +
  write(BigInt(seq), widths.seq) +
  write(BigInt(Math.round(Date.parse(createdOn) / dayMs)), widths.day);

/** Null for a text that is no id of an event. */
export function readEventId(id: string): EventPlace | null {
  if (!form.test(id)) return null;
  let start = prefix.length;
  const part = (width: number): bigint => {
    const value = read(id.slice(start, start + width));
    start += width;
    return value;
  };
  const era = Number(part(widths.era));
  const txid = part(widths.txid).toString();
  const seq = part(widths.seq).toString();
  const createdOn = new Date(Number(part(widths.day)) * dayMs).toISOString().slice(0, 10);
  return { era, txid, seq, createdOn };
}

export const isEventId = (text: string): boolean => form.test(text);

/** The day of an event, `YYYY-MM-DD`. Throws for a text that is no id of an event. */
export function dayOfEvent(id: string): string {
  const place = readEventId(id);
  if (place === null) throw new RangeError('not the id of an event');
  return place.createdOn;
}

import type { Omission } from '../../core/inbox/omission.ts';
import { textAt, valueAt } from '../json-answer.ts';

/** What Intercom has as the translation of a part: HTML. */
export type Translation =
  | { readonly kind: 'none' }
  | { readonly kind: 'translated'; readonly html: string }
  /** Several, and Intercom does not say which of them is the customer's language. */
  | { readonly kind: 'several'; readonly omission: Omission };

/**
 * The words of a teammate's reply in the customer's language. Intercom (conversation parts, from version 2.16): `translations`
 * maps locales to HTML; its key `original` holds the locale of `body`, which is never translated.
 * https://developers.intercom.com/docs/references/2.16/changelog
 */
export function translationOf(part: unknown): Translation {
  const translations = valueAt(part, 'translations');
  if (typeof translations !== 'object' || translations === null) return { kind: 'none' };
  const original = textAt(translations, 'original');
  const others = Object.entries(translations).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[1].trim() !== '' && entry[0] !== 'original' && entry[0] !== original,
  );
  const [first, ...more] = others;
  if (original === null || first === undefined) return { kind: 'none' };
  if (more.length === 0) return { kind: 'translated', html: first[1] };
  const locales = others.map(([locale]) => locale.slice(0, 10)).slice(0, 10);
  return {
    kind: 'several',
    omission: {
      what: `the translations (${locales.join(', ')})`,
      why: 'Intercom does not say which of them is the customer’s language, so the original was sent',
    },
  };
}

/** How long a reply waits for its translation, in a conversation whose replies are translated. */
const translationWaitMs = 4_000;

/**
 * Whether a translation of this part is expected: another reply of the conversation has one, this one has none, and it is
 * young. Intercom saves a translation, and announces it, some time after the reply itself:
 * https://www.intercom.com/changes/en/156079-keep-your-integrations-in-sync-with-translated-replies
 */
export function awaitsTranslation(part: unknown, all: readonly unknown[], nowMs: number): boolean {
  const isByTeammate = textAt(part, 'author', 'type') === 'admin';
  const isYoung = nowMs - Number(textAt(part, 'created_at') ?? 0) * 1000 < translationWaitMs;
  if (!isByTeammate || !isYoung || translationOf(part).kind !== 'none') return false;
  return all.some((other) => translationOf(other).kind !== 'none');
}

import { findEntities, type MessageEntity } from './entities.ts';
import { badRequest } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** Telegram: the first hundred count. */
const entitiesMax = 100;

/**
 * The entities of a message of the bot: those that it gave in the parameter `name`, and what Telegram finds in the text where none
 * of them is. `text` is what is left of `raw` after Telegram has cleaned and trimmed it.
 */
export function entitiesOf(parameters: Parameters, name: string, raw: string, text: string): readonly MessageEntity[] {
  const given = readEntities(parameters, name, leadingBlanks(raw, text), text.length);
  const found = findEntities(text).filter((entity) => !given.some((other) => overlaps(other, entity)));
  return [...given, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

const overlaps = (a: MessageEntity, b: MessageEntity): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;

const leadingBlanks = (raw: string, text: string): number => Math.max(raw.indexOf(text), 0);

function readEntities(parameters: Parameters, name: string, removed: number, end: number): readonly MessageEntity[] {
  const list = parameters.json(name, "can't parse entities JSON object") ?? [];
  if (!Array.isArray(list)) throw badRequest('Expected an Array of MessageEntity');
  return list.slice(0, entitiesMax).flatMap((given: unknown) => {
    const { type, offset, length, ...more } = isObject(given) ? given : {};
    if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length))
      throw badRequest("can't parse MessageEntity: a field is missing or has a wrong type");
    const start = Math.max(Number(offset) - removed, 0);
    const stop = Math.min(Number(offset) + Number(length) - removed, end);
    return stop > start ? [{ ...more, type, offset: start, length: stop - start }] : [];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { badRequest } from '../errors.ts';
import { fileContent } from '../files.ts';
import { isJsonObject, type JsonObject } from '../json-field.ts';
import { sendTogether } from '../outgoing.ts';
import { parametersOf } from '../parameters.ts';
import type { Message } from '../world.ts';
import type { Method, MethodCall } from './method.ts';
import { captionOf, type Kind, readGiven } from './send-file.ts';

/** TDLib MessageContent.cpp, check_message_group_message_contents. */
const albumMax = 10;
const albumKinds: ReadonlySet<string> = new Set(['photo', 'video', 'audio', 'document']);
/** Kinds that are only with their own in an album, as TDLib names them. */
const homogenous: Readonly<Record<string, string>> = { audio: 'Audio', document: 'Document' };

interface Item {
  readonly kind: Kind;
  readonly given: JsonObject;
}

/** `sendMediaGroup`. Telegram: it has no markup, and its description names 2 to 10 items. */
export const sendAlbum: Method = (call) => {
  const { state, bot, parameters } = call;
  const items = readItems(parameters.json('media', "Can't parse media JSON object"));
  const albumId = `13${String(state.nextSerial()).padStart(15, '0')}`;
  const readContents = () => {
    checkMix(items);
    return items.map((item): Partial<Message> => ({ ...contentOf(call, item), media_group_id: albumId }));
  };
  return {
    result: sendTogether(state, { method: 'sendMediaGroup', bot, parameters: withoutMarkup(call), readContents }),
  };
};

/** Telegram: telegram-bot-api does not read the markup of an album. */
const withoutMarkup = ({ parameters }: MethodCall) => {
  const { reply_markup: _, ...values } = parameters.values();
  return parametersOf(values, parameters.files());
};

function readItems(media: unknown): readonly Item[] {
  if (media === undefined) throw badRequest('parameter "media" is required');
  if (!Array.isArray(media)) throw badRequest('Expected an Array of InputMedia');
  return media.map((item: unknown) => {
    if (!isJsonObject(item)) throw wrong('expected an Object');
    const { type, media: file } = item;
    if (typeof type !== 'string') throw wrong('Can\'t find field "type"');
    if (typeof file !== 'string' || file === '') throw wrong('media not found');
    if (type === 'animation') throw wrong('type "animation" can\'t be used in sendMediaGroup');
    if (!albumKinds.has(type)) throw wrong(`type "${type}" is unsupported`);
    return { kind: type as Kind, given: item };
  });
}

const wrong = (why: string) => badRequest(`Can't parse InputMedia: ${why}`);

function checkMix(items: readonly Item[]): void {
  if (items.length > albumMax) throw badRequest('Too many messages to send as an album');
  if (items.length === 0) throw badRequest('There are no messages to send');
  const kinds = new Set(items.map(({ kind }) => kind));
  const alone = [...kinds].find((kind) => Object.hasOwn(homogenous, kind));
  if (kinds.size > 1 && alone !== undefined)
    throw badRequest(`${homogenous[alone]} can't be mixed with other media types`);
}

function contentOf(call: MethodCall, { kind, given }: Item): Partial<Message> {
  const info = readGiven(call, kind, String(given['media']));
  return { ...fileContent(kind, info), ...captionOf(parametersOf(given)) };
}

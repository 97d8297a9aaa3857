/** A part of a text that Telegram recognizes. Offset and length are UTF-16 code units. */
export interface MessageEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  /** The other fields of the entities that a bot gives: `url`, `language`. */
  readonly [field: string]: unknown;
}

const entityPatterns: readonly (readonly [type: string, pattern: RegExp])[] = [
  [
    'url',
    /(?<![\w@/.])(?:https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]|(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me)\b[^\s<>",;]*)/gi,
  ],
  ['email', /(?<![\w@])[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi],
  ['mention', /(?<![\w@])@[a-z]\w{3,31}/gi],
  ['bot_command', /(?<![\w/<>])\/\w{1,64}(?:@[a-z]\w{3,31})?(?![\w/<>])/gi],
  ['hashtag', /(?<![\w#])#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*/gu],
];

/** The entities that Telegram finds in a plain text: addresses, mentions, commands, hashtags. */
export function findEntities(text: string): readonly MessageEntity[] {
  if (!/[@/#.]/.test(text)) return [];
  const found: MessageEntity[] = [];
  for (const [type, pattern] of entityPatterns) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!found.some((other) => overlaps(other, entity))) found.push(entity);
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

const overlaps = (a: MessageEntity, b: MessageEntity): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;

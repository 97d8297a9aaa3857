/** Who said it: the company's backend, a customer, an agent in the inbox. */
export type Speaker = 'backend' | 'customer' | 'agent';

/** Names one thing that was said, wherever it turns up: `backend-7001-12` is the twelfth that the backend told chat 7001. */
export interface Token {
  readonly text: string;
  readonly speaker: Speaker;
  readonly chatId: number;
  readonly number: number;
}

export const tokenOf = (speaker: Speaker, chatId: number, number: number): Token => ({
  text: tokenText(speaker, chatId, number),
  speaker,
  chatId,
  number,
});

const pattern = /\b(backend|customer|agent)-(\d+)-(\d+)\b/;

export const tokenText = (speaker: Speaker, chatId: number, number: number): string => `${speaker}-${chatId}-${number}`;

/** The first token in a text; null where there is none. */
export function tokenIn(text: string): Token | null {
  const [found, speaker, chatId, number] = pattern.exec(text) ?? [];
  if (found === undefined) return null;
  return { text: found, speaker: speaker as Speaker, chatId: Number(chatId), number: Number(number) };
}

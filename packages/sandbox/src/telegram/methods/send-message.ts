import { badRequest } from '../errors.ts';
import { entitiesOf } from '../given-entities.ts';
import { sendFromBot } from '../outgoing.ts';
import type { Parameters } from '../parameters.ts';
import { checkRawText, normalizeText } from '../text.ts';
import type { Message } from '../world.ts';
import type { Method } from './method.ts';

export const sendMessage: Method = ({ state, bot, parameters }) => {
  const raw = parameters.text('text');
  checkFormatting(parameters, raw);
  return {
    result: sendFromBot(state, {
      method: 'sendMessage',
      bot,
      parameters,
      readContent: () => textContent(parameters, raw),
    }),
  };
};

/** The checks of a text and its formatting that the Bot API server makes before it looks for the chat. */
export function checkFormatting(parameters: Parameters, raw: string): void {
  checkRawText(raw);
  const mode = parameters.text('parse_mode').toLowerCase();
  if (!['', 'none', 'html', 'markdown', 'markdownv2'].includes(mode)) throw badRequest('Unsupported parse_mode');
}

export function textContent(parameters: Parameters, raw: string): Pick<Message, 'text' | 'entities'> {
  const text = normalizeText(raw);
  const entities = entitiesOf(parameters, 'entities', raw, text);
  return entities.length === 0 ? { text } : { text, entities };
}

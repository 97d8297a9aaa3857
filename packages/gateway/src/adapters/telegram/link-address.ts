import { urlProblem } from '@chatferry/contract';

/**
 * Whether Telegram takes this address for a link on words: TDLib LinkManager.cpp `check_link`, as for buttons. A mention by
 * id (`tg://user?id=1`) is left out, because Telegram refuses the message if the bot does not know that person.
 */
export function canBeLink(url: string): boolean {
  if (urlProblem(url) !== undefined || /^tg:(?:\/\/)?user(?:[/?#]|$)/i.test(url)) return false;
  return /^(?:tg|ton|tonsite):/i.test(url) || URL.canParse(url);
}

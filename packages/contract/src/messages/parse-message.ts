import { cutRows } from '../interactive/cut-keyboard.ts';
import { inspectJson } from '../json/inspect.ts';
import { type ParseResult, parseJson } from '../json/parse.ts';
import {
  type Fields,
  findMarkupProblems,
  findMediaProblems,
  findTextProblems,
  findUnusedFields,
  isObject,
} from './check-contents.ts';
import { findScheduleProblems } from './check-schedule.ts';
import { SendMessage } from './send-message.ts';

/** The body with at most a thousand buttons: more exceed Telegram's limits, and are refused for that. */
const withCutRows = (body: Fields): Fields => {
  const { buttons, keyboard } = body;
  let cut = body;
  if (Array.isArray(buttons)) cut = { ...cut, buttons: cutRows(buttons) };
  if (isObject(keyboard) && Array.isArray(keyboard['keys']))
    cut = { ...cut, keyboard: { ...keyboard, keys: cutRows(keyboard['keys']) } };
  return cut;
};

/**
 * Validates the body of a message at a moment. Never throws. Lists every problem; the lowest code decides. Unknown fields are problems:
 * the answer is the message, which has no place for warnings. A `send_at` that is past is a problem only beside others: the request may
 * be the repetition of one that was taken before that time.
 */
export const parseMessage = (input: unknown, { nowMs }: { readonly nowMs: number }): ParseResult<SendMessage> => {
  if (!isObject(input)) return parseJson(SendMessage, input === undefined ? {} : input, { strict: true });
  if (inspectJson(input).some(({ isTooDeep }) => isTooDeep)) return parseJson(SendMessage, input, { strict: true });
  const body = withCutRows(input);
  const found = [
    ...findTextProblems(body),
    ...findMediaProblems(body),
    ...findMarkupProblems(body),
    ...findUnusedFields(body),
  ];
  const parsed = parseJson(SendMessage, body, { strict: true, found });
  const late = parsed.ok ? [] : findScheduleProblems(body['send_at'], nowMs);
  return late.length === 0 ? parsed : parseJson(SendMessage, body, { strict: true, found: [...found, ...late] });
};

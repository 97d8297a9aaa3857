import {
  type ControlBody,
  integerIn,
  optionalIntegerIn,
  optionalObjectIn,
  optionalTextIn,
  textIn,
} from './control-body.ts';
import { ControlError } from './control-error.ts';
import type { Answer, Effect, Fault } from './faults.ts';

/**
 * Reads a fault from a control request, e.g.
 * `{"provider":"telegram","operation":"sendMessage","effect":{"kind":"reset-after"}}`.
 */
export function readFault(body: ControlBody): Fault {
  const provider = textIn(body, 'provider');
  if (provider !== 'telegram' && provider !== 'intercom' && provider !== 'hubspot')
    throw new ControlError(400, 'Give "provider" as telegram, intercom or hubspot.');
  const subject = optionalTextIn(body, 'subject');
  const effect = optionalObjectIn(body, 'effect');
  if (!effect) throw new ControlError(400, 'Give "effect" as an object with a "kind".');
  return {
    provider,
    operation: optionalTextIn(body, 'operation') ?? '*',
    ...(subject === undefined ? {} : { subject }),
    times: optionalIntegerIn(body, 'times') ?? 1,
    effect: readEffect(effect),
  };
}

function readEffect(effect: ControlBody): Effect {
  const kind = textIn(effect, 'kind');
  switch (kind) {
    case 'answer-before':
    case 'answer-after':
      return { kind, answer: readAnswer(effect) };
    case 'reset-before':
    case 'reset-after':
    case 'hang-before':
    case 'hang-after':
    case 'truncate-after':
      return { kind };
    case 'delay-before':
    case 'delay-after':
      return { kind, delayMs: integerIn(effect, 'delayMs') };
    default:
      throw new ControlError(
        400,
        'Give "effect.kind" as answer-before, answer-after, reset-before, reset-after, hang-before, hang-after, truncate-after, delay-before or delay-after.',
      );
  }
}

function readAnswer(effect: ControlBody): Answer {
  const answer = optionalObjectIn(effect, 'answer');
  if (!answer) throw new ControlError(400, 'Give "effect.answer" as {"status": 500, "body": {…}, "headers": {…}}.');
  const headers = optionalObjectIn(answer, 'headers');
  return {
    status: integerIn(answer, 'status'),
    body: answer['body'] ?? {},
    ...(headers ? { headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)])) } : {}),
  };
}

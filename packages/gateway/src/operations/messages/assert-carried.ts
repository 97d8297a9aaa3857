import type { Problem, SendMessage } from '@chatferry/contract';
import { dataOnWire } from '../../core/message/data-on-wire.ts';
import { ApiError } from '../api-error.ts';

/** Refuses what this version does not carry out yet, so that nothing is left out unnoticed. Throws TYPE_MISMATCH with every place. */
export function assertCarried(body: SendMessage): void {
  const details = [...findFields(body), ...findButtons(body)];
  const [first] = details;
  if (first !== undefined) throw new ApiError('TYPE_MISMATCH', { message: first.message, details });
}

const findFields = (body: SendMessage): readonly Problem[] =>
  (['on_tap', 'send_at'] as const).flatMap((field) =>
    body[field] === undefined
      ? []
      : [{ pointer: `/${field}`, message: `${field} must be left out: this version of the gateway does not have it.` }],
  );

const findButtons = ({ buttons = [] }: SendMessage): readonly Problem[] =>
  buttons.flatMap((row, y) =>
    row.flatMap(({ data, on_tap: onTap }, x) => [
      ...(data === undefined || dataOnWire(data) !== null
        ? []
        : [problemOf(y, x, 'data', 'must be a string of 1 to 64 bytes in this version of the gateway.')]),
      ...(onTap === undefined
        ? []
        : [problemOf(y, x, 'on_tap', 'must be left out: this version of the gateway does not have it.')]),
    ]),
  );

const problemOf = (y: number, x: number, field: string, rule: string): Problem => ({
  pointer: `/buttons/${y}/${x}/${field}`,
  message: `buttons.${y}.${x}.${field} ${rule}`,
});

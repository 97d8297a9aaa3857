import { type Id, type IdKind, makeId } from '@chatferry/contract';
import type { Clock, Random } from '../ports/clock.ts';

/** Makes a new id of the given kind. */
export const newId = <K extends IdKind>(kind: K, clock: Clock, random: Random): Id<K> =>
  makeId(kind, clock.nowMs(), random.bytes(10));

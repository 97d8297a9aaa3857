import type { InboxOutcome } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import { type Region, regions } from './settings.ts';

/** Intercom writes regions in capitals. */
export const regionIn = (me: unknown): Region | null =>
  regions.find((region) => region === textAt(me, 'app', 'region')?.toLowerCase()) ?? null;

/**
 * Where the workspace of a token is hosted: the first region that takes the token, or what it says. A token is refused in
 * other regions than its own.
 */
export async function findRegion(
  asking: (region: Region) => Pick<IntercomClient, 'get'>,
  first: Region,
): Promise<InboxOutcome<Region>> {
  let refusal: InboxOutcome<Region> | null = null;
  for (const region of [first, ...regions.filter((one) => one !== first)]) {
    const me = await asking(region).get('/me', 'account');
    if (me.kind === 'ok') return { kind: 'ok', value: regionIn(me.value) ?? region };
    if (me.kind !== 'broken' && me.kind !== 'rejected') return me;
    refusal ??= me;
  }
  return refusal ?? { kind: 'rejected', detail: 'there is no region to ask' };
}

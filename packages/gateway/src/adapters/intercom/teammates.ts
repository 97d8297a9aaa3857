import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome, Teammate } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import { regionIn } from './find-region.ts';
import type { Region } from './settings.ts';

/** Age at which the list is read again. */
const freshMs = 15 * 60_000;
/** A teammate who is missing may have joined just now: the list is read again, at most this often. */
const recheckMs = 60_000;

export interface Account {
  readonly name: string;
  /** Intercom's `id_code` of the workspace; null if it does not say. */
  readonly id: string | null;
  /** Where the workspace is hosted; null if it does not say. */
  readonly region: Region | null;
  /** The teammate who owns the token. */
  readonly adminId: string;
}

export interface Sender {
  readonly adminId: string;
  readonly remark: string | null;
}

export interface Teammates {
  list(): Promise<InboxOutcome<readonly Teammate[]>>;
  account(): Promise<InboxOutcome<Account>>;
  /** Under whose name: the one asked for, else the workspace's default sender, else the owner of the token. */
  choose(senderId: string | null): Promise<InboxOutcome<Sender>>;
}

export function createTeammates(client: IntercomClient, clock: Clock, defaultSenderId: string | null): Teammates {
  let known: { readonly teammates: readonly Teammate[]; readonly readAtMs: number } | null = null;
  let owner: Account | null = null;

  const listNotOlderThan = async (ageMs: number): Promise<InboxOutcome<readonly Teammate[]>> => {
    if (known !== null && clock.monotonicMs() - known.readAtMs < ageMs) return { kind: 'ok', value: known.teammates };
    const outcome = await client.get('/admins', 'account');
    if (outcome.kind === 'ok') {
      known = { teammates: teammatesOf(outcome.value), readAtMs: clock.monotonicMs() };
      return { kind: 'ok', value: known.teammates };
    }
    // A stale list serves while the inbox is down.
    return outcome.kind === 'deferred' && known !== null ? { kind: 'ok', value: known.teammates } : outcome;
  };

  const account = async (): Promise<InboxOutcome<Account>> => {
    if (owner !== null) return { kind: 'ok', value: owner };
    const outcome = await client.get('/me', 'account');
    if (outcome.kind !== 'ok') return outcome;
    const adminId = textAt(outcome.value, 'id');
    if (adminId === null) return { kind: 'rejected', detail: 'Intercom does not say who owns the access token' };
    const appId = textAt(outcome.value, 'app', 'id_code');
    const name = textAt(outcome.value, 'app', 'name') ?? 'Intercom';
    owner = {
      adminId,
      id: appId,
      region: regionIn(outcome.value),
      name: appId === null ? name : `${name} (${appId})`,
    };
    return { kind: 'ok', value: owner };
  };

  const isTeammate = async (senderId: string): Promise<InboxOutcome<boolean>> => {
    const listed = await listNotOlderThan(freshMs);
    if (listed.kind !== 'ok') return listed;
    if (has(listed.value, senderId)) return { kind: 'ok', value: true };
    const again = await listNotOlderThan(recheckMs);
    return again.kind === 'ok' ? { kind: 'ok', value: has(again.value, senderId) } : again;
  };

  return {
    list: () => listNotOlderThan(freshMs),
    account,
    async choose(senderId) {
      let remark: string | null = null;
      for (const candidate of [senderId, defaultSenderId]) {
        if (candidate === null) continue;
        const found = await isTeammate(candidate);
        if (found.kind !== 'ok') return found;
        if (found.value) return { kind: 'ok', value: { adminId: candidate, remark } };
        remark ??=
          candidate === senderId
            ? `teammate ${candidate} is not in the workspace; the default sender is used`
            : `the default sender ${candidate} is not in the workspace; the owner of the token is used`;
      }
      const known = await account();
      return known.kind === 'ok' ? { kind: 'ok', value: { adminId: known.value.adminId, remark } } : known;
    },
  };
}

const has = (teammates: readonly Teammate[], senderId: string): boolean =>
  teammates.some((teammate) => teammate.senderId === senderId);

/** Intercom lists its own bot among the admins, under an address `operator+<app>@intercom.io`; it is never a sender. */
function teammatesOf(json: unknown): readonly Teammate[] {
  return listAt(json, 'admins').flatMap((admin) => {
    const senderId = textAt(admin, 'id');
    const email = textAt(admin, 'email') ?? '';
    if (senderId === null || valueAt(admin, 'type') === 'team' || /^operator\+.*@intercom\.io$/i.test(email)) return [];
    return [{ senderId, name: textAt(admin, 'name') ?? email }];
  });
}

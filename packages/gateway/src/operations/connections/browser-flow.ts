import { storable } from '../../core/message/storable.ts';
import type { Random } from '../../ports/clock.ts';
import type { ConnectableKind, InboxKind } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import { beginAgain, type Notice, notice } from './notice.ts';
import { type RedeemDeps, redeemCode } from './redeem-code.ts';
import { unsealApp } from './seal-app.ts';
import type { States } from './state.ts';

export interface BrowserFlowDeps extends RedeemDeps {
  readonly store: RedeemDeps['store'] &
    StoreSlice<{ readonly connections: 'read' | 'readByStartPath' | 'claim' | 'finish' }>;
  readonly vault: Vault;
  readonly random: Random;
  readonly states: States;
  /** Looks a secret address up for a stranger. Throws RATE_LIMITED after too many unknown ones of the same network. */
  readonly lookUpForStranger: <T>(
    guess: { readonly name: string; readonly address: string },
    load: () => Promise<T | null>,
  ) => Promise<T | null>;
}

/** The query with which the provider sends the browser back. */
export interface CallbackQuery {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

/** The provider's page, and the cookie by which this browser is recognised when it comes back. */
export interface InstallStart {
  readonly url: string;
  readonly browser: string;
}

/** The two requests of an install that a person's browser makes. */
export interface BrowserFlow {
  /** `browser` is the cookie that the browser has already. Resolves with a notice where the install cannot start. */
  start(startPath: string, browser: string | null, address: string): Promise<Notice | InstallStart>;
  finish(kind: ConnectableKind, query: CallbackQuery, browser: string | null): Promise<Notice>;
}

export const createBrowserFlow = (deps: BrowserFlowDeps): BrowserFlow => ({
  start: (startPath, browser, address) => startInstall(deps, { startPath, address }, browser),
  finish: (kind, query, browser) => finishInstall(deps, kind, query, browser),
});

async function startInstall(
  deps: BrowserFlowDeps,
  { startPath, address }: { readonly startPath: string; readonly address: string },
  knownBrowser: string | null,
): Promise<Notice | InstallStart> {
  const { store, vault, random, states, authorizations, publicUrl } = deps;
  const guess = { name: `install-link ${startPath}`, address };
  const record = isStartPath(startPath)
    ? await deps.lookUpForStranger(guess, () => store.connections.readByStartPath(startPath))
    : null;
  if (record === null || publicUrl === null) {
    return notice(
      404,
      'unknown_link',
      'This link leads nowhere',
      'Check that the whole address was copied, or begin again: chatferry workspaces connect --help',
    );
  }
  const ended = endedNotice(deps, record);
  if (ended !== null) return ended;
  const browser = knownBrowser ?? random.bytes(24).toString('base64url');
  const url = authorizations[record.inboxKind].signInUrl(unsealApp(vault, record), {
    state: states.make(record.id, browser),
    redirectUrl: redirectUrlOf(publicUrl, record.inboxKind),
  });
  return { url, browser };
}

/** 24 random bytes as base64url. */
const isStartPath = (text: string): boolean => /^[A-Za-z0-9_-]{32}$/.test(text);

async function finishInstall(
  deps: BrowserFlowDeps,
  kind: ConnectableKind,
  query: CallbackQuery,
  browser: string | null,
): Promise<Notice> {
  const { store, vault, states } = deps;
  if (query.state === undefined) return notBegunHereNotice(deps.inboxKinds[kind]);
  const id = browser === null ? null : states.check(query.state, browser);
  const record = id === null ? null : await store.connections.read(id);
  if (record?.inboxKind !== kind) return wrongBrowserNotice(kind);
  const ended = endedNotice(deps, record);
  if (ended !== null) return ended;
  if (query.code === undefined || query.error !== undefined) return refuseInstall(deps, record, query);
  if (!(await store.connections.claim(record.id))) {
    return notice(
      409,
      'in_progress',
      'This answer is being used',
      'Reload this page in a moment to see the result. After five minutes a reload tries again.',
    );
  }
  return redeemCode(deps, record, unsealApp(vault, record), query.code);
}

/** The reason comes from the address, which the browser's owner can change. */
const reasonLengthMax = 300;

/** Stores that the provider sent the browser back without a code, and why. */
async function refuseInstall(
  { store, inboxKinds }: BrowserFlowDeps,
  record: ConnectionRecord,
  { error, error_description }: CallbackQuery,
): Promise<Notice> {
  const name = inboxKinds[record.inboxKind].displayName;
  const isDenied = error === 'access_denied';
  const given = [error, error_description].filter((part) => part !== undefined).join(': ');
  const reason = storable(given.slice(0, reasonLengthMax)) || 'no reason';
  const problem = isDenied
    ? { code: 'denied' as const, message: `The install was refused on the page of ${name}. Nothing was connected.` }
    : { code: 'refused' as const, message: `${name} sent the browser back without a code (${reason}).` };
  await store.connections.finish(record.id, { problem });
  return notice(
    isDenied ? 403 : 502,
    problem.code,
    `${name} was not connected`,
    problem.message,
    isDenied ? 'A person who may install apps there must agree to everything that is asked for.' : '',
    beginAgain(record.inboxKind, record.workspaceId),
  );
}

/** How an install ended. Null for one that has not ended yet. */
function endedNotice(
  { inboxKinds }: BrowserFlowDeps,
  { state, inboxKind: kind, workspaceId, problem }: ConnectionRecord,
): Notice | null {
  const { displayName } = inboxKinds[kind];
  switch (state) {
    case 'connected':
      return notice(
        200,
        'connected',
        `${displayName} is connected`,
        `It is the workspace ${workspaceId ?? ''}.`,
        `Next, connect a bot: chatferry channels create --workspace ${workspaceId ?? ''}`,
      );
    case 'expired':
      return notice(
        410,
        'expired',
        'This link has expired',
        'It was valid for 30 minutes.',
        beginAgain(kind, workspaceId),
      );
    case 'failed':
      return notice(
        409,
        problem?.code ?? 'failed',
        `${displayName} was not connected`,
        problem?.message ?? '',
        beginAgain(kind, workspaceId),
      );
    case 'waiting':
      return null;
  }
}

const notBegunHereNotice = ({ kind, displayName }: InboxKind): Notice =>
  notice(
    400,
    'not_begun_here',
    'This install did not begin at Chatferry',
    `An install that begins at ${displayName} could be forged, so nothing was connected.`,
    beginAgain(kind, null),
  );

/** The same for a state that names an install and for one that names none: without the proof, nothing is looked up. */
const wrongBrowserNotice = (kind: ConnectableKind): Notice =>
  notice(
    400,
    'wrong_browser',
    'This answer does not belong to this browser',
    'The install was begun in another browser, or too long ago, or not here; nothing was connected. Open the link of the install in the browser in which you sign in.',
    beginAgain(kind, null),
  );

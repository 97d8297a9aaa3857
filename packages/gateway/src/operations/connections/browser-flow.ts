import type { Random } from '../../ports/clock.ts';
import type { InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import { beginAgain, type Notice, notice } from './notice.ts';
import type { Redeem } from './redeem.ts';
import { unsealApp } from './seal-app.ts';
import { connectionNamedIn, type States } from './state.ts';

export interface BrowserFlowDeps {
  readonly store: StoreSlice<{ readonly connections: 'read' | 'readByStartPath' | 'claim' | 'finish' }>;
  readonly vault: Vault;
  readonly random: Random;
  readonly states: States;
  readonly authorizations: Readonly<Record<InboxKindName, InboxAuthorization>>;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly redeem: Redeem;
  readonly publicUrl: string | null;
}

/** What comes back with the browser. */
export interface CallbackQuery {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

/** The two stops of an install in a person's browser. */
export interface BrowserFlow {
  /** Where to go from here, and by what this browser will be known; or why there is nowhere to go. */
  start(
    startPath: string,
    browser: string | null,
  ): Promise<Notice | { readonly url: string; readonly browser: string }>;
  finish(kind: InboxKindName, query: CallbackQuery, browser: string | null): Promise<Notice>;
}

export function createBrowserFlow(deps: BrowserFlowDeps): BrowserFlow {
  const { store, vault, states, authorizations, inboxKinds } = deps;

  /** What is over already, and how it ended. */
  const ended = (record: ConnectionRecord): Notice | null => {
    const { state, inboxKind: kind, workspaceId, problem } = record;
    if (state === 'connected') {
      return notice(
        200,
        'connected',
        `${inboxKinds[kind].displayName} is connected`,
        `It is the workspace ${workspaceId ?? ''}.`,
        `Next, connect a bot: chatferry channels create --workspace ${workspaceId ?? ''}`,
      );
    }
    if (state === 'expired') {
      return notice(
        410,
        'expired',
        'This link has expired',
        'It was good for 30 minutes.',
        beginAgain(kind, workspaceId),
      );
    }
    if (state === 'failed') {
      return notice(
        409,
        problem?.code ?? 'failed',
        `${inboxKinds[kind].displayName} was not connected`,
        problem?.message ?? '',
        beginAgain(kind, workspaceId),
      );
    }
    return null;
  };

  const denied = async (record: ConnectionRecord, query: CallbackQuery): Promise<Notice> => {
    const name = inboxKinds[record.inboxKind].displayName;
    const isDenied = query.error === 'access_denied';
    const words = [query.error, query.error_description].filter((part) => part !== undefined).join(': ');
    const problem = isDenied
      ? { code: 'denied' as const, message: `Somebody said no on the page of ${name}, and nothing was connected.` }
      : {
          code: 'refused' as const,
          message: `${name} sent the browser back without a code (${words || 'no reason'}).`,
        };
    await store.connections.finish(record.id, { problem });
    return notice(
      isDenied ? 403 : 502,
      problem.code,
      `${name} was not connected`,
      problem.message,
      isDenied ? 'It takes a person who may install apps there, who agrees to all that is asked for.' : '',
      beginAgain(record.inboxKind, record.workspaceId),
    );
  };

  return {
    async start(startPath, known) {
      const record = await store.connections.readByStartPath(startPath);
      if (record === null || deps.publicUrl === null) {
        return notice(
          404,
          'unknown_link',
          'There is nothing behind this link',
          'Check that the whole address was copied, or begin again: chatferry workspaces connect --help',
        );
      }
      const over = ended(record);
      if (over !== null) return over;
      const browser = known ?? deps.random.bytes(24).toString('base64url');
      const app = unsealApp(vault, record);
      const url = authorizations[record.inboxKind].signInUrl(app, {
        state: states.make(record.id, browser),
        redirectUrl: redirectUrlOf(deps.publicUrl, record.inboxKind),
      });
      return { url, browser };
    },

    async finish(kind, query, browser) {
      const name = inboxKinds[kind].displayName;
      if (query.state === undefined) {
        return notice(
          400,
          'not_begun_here',
          `This did not begin at Chatferry`,
          `An install that begins at ${name} cannot be told from a forged one, so nothing was connected.`,
          beginAgain(kind, null),
        );
      }
      const id = browser === null ? null : states.check(query.state, browser);
      const record = id === null ? null : await store.connections.read(id);
      if (record?.inboxKind !== kind) {
        const isUnknown = (await store.connections.read(connectionNamedIn(query.state))) === null;
        return notice(
          400,
          'wrong_browser',
          'This answer does not belong to this browser',
          isUnknown
            ? 'It names no install that was begun here.'
            : 'The install was begun in another browser, or too long ago; nothing was connected. Open the link of the install in the browser in which you sign in.',
          beginAgain(kind, null),
        );
      }
      const over = ended(record);
      if (over !== null) return over;
      if (query.code === undefined || query.error !== undefined) return denied(record, query);
      if (!(await store.connections.claim(record.id))) {
        return notice(
          409,
          'in_progress',
          'This answer is being used',
          'Reload this page in a moment to see how it ends; after five minutes, that tries once more.',
        );
      }
      return deps.redeem(record, unsealApp(vault, record), query.code);
    },
  };
}

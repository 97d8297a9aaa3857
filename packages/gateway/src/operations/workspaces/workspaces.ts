import {
  defaultConversationRules,
  type Handlers,
  type InboxInput,
  mergeConversationRules,
  type Workspace,
} from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { pageOf } from '../page.ts';
import { answered, assertInboxAnswers, assertRulesFit, assertSettingsFit } from './assert-inbox.ts';
import { inboxHookUrl } from './hook-urls.ts';
import { sealInbox, unsealInbox } from './seal-inbox.ts';

/** An inbox that is not stored yet. */
export interface TriedInbox {
  readonly inbox: Inbox;
  /** What to store: as it was given, but for what the provider replaced meanwhile. */
  input(): InboxInput;
}

export interface WorkspaceDeps {
  readonly store: StoreSlice<{ readonly workspaces: 'insert' | 'read' | 'list' | 'update' | 'delete' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  /** Opens an inbox that is not stored yet. */
  readonly tryInbox: (input: InboxInput, defaultSender: string | null) => TriedInbox;
  readonly openInbox: (record: WorkspaceRecord) => Inbox;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly deleteChannelsOf: (workspaceId: string) => Promise<void>;
  /** Where the inboxes reach this gateway; null where they do not. */
  readonly publicUrl: string | null;
  /** Something changed: caches are to be read anew. */
  readonly onChange: () => void;
}

type WorkspaceHandlers = Pick<
  Handlers<RequestContext>,
  'createWorkspace' | 'listWorkspaces' | 'getWorkspace' | 'updateWorkspace' | 'listInboxes' | 'deleteWorkspace'
>;

export function workspaceHandlers(deps: WorkspaceDeps): WorkspaceHandlers {
  const { store, vault } = deps;

  const show = (record: WorkspaceRecord): Workspace => ({
    id: record.id,
    name: record.name,
    inbox: deps.inboxKinds[record.inboxKind].show(unsealInbox(vault, record)),
    default_sender: record.defaultSender,
    conversation_rules: record.conversationRules,
    webhook_url:
      deps.publicUrl === null ? null : inboxHookUrl(deps.publicUrl, deps.inboxKinds[record.inboxKind], record),
    webhook_topics: [...deps.inboxKinds[record.inboxKind].webhookTopics],
    state: record.state,
    problem: record.problem,
    created_at: record.createdAt.toISOString(),
  });

  return {
    async createWorkspace(_context, { body }) {
      const { kind } = body.inbox;
      const { inbox, input } = deps.tryInbox(body.inbox, body.default_sender ?? null);
      const { displayName } = deps.inboxKinds[kind];
      const { accountId } = await assertInboxAnswers(displayName, inbox, body.default_sender ?? null);
      await assertSettingsFit(displayName, inbox);
      const conversationRules = mergeConversationRules(defaultConversationRules(kind), body.conversation_rules ?? {});
      if (body.conversation_rules) await assertRulesFit(displayName, inbox, conversationRules);
      const id = newId('workspace', deps.clock, deps.random);
      const record = await store.workspaces.insert({
        id,
        name: body.name,
        inboxKind: kind,
        ...sealInbox(vault, id, input()),
        defaultSender: body.default_sender ?? null,
        conversationRules,
        inboxAccount: accountId,
        hookPath: deps.random.bytes(24).toString('base64url'),
      });
      return show(record);
    },

    async listWorkspaces(_context, { query }) {
      return pageOf(await store.workspaces.list(), query, show);
    },

    async getWorkspace(_context, { params }) {
      return show(found(await store.workspaces.read(params.workspace_id)));
    },

    async updateWorkspace(_context, { params, body }) {
      const before = found(await store.workspaces.read(params.workspace_id));
      if (body.inbox && body.inbox.kind !== before.inboxKind) {
        throw unfit(
          '/inbox/kind',
          `inbox.kind must stay ${before.inboxKind}; connect the other inbox as a workspace of its own.`,
        );
      }
      const { displayName } = deps.inboxKinds[before.inboxKind];
      const sender = body.default_sender === undefined ? before.defaultSender : body.default_sender;
      const tried = body.inbox ? deps.tryInbox(body.inbox, sender) : null;
      const inbox = tried?.inbox ?? (body.default_sender || body.conversation_rules ? deps.openInbox(before) : null);
      const account = inbox === null ? null : await assertInboxAnswers(displayName, inbox, sender);
      if (tried !== null) await assertSettingsFit(displayName, tried.inbox);
      const rules = mergeConversationRules(before.conversationRules, body.conversation_rules ?? {});
      if (inbox !== null && body.conversation_rules) await assertRulesFit(displayName, inbox, rules);
      const mended =
        body.inbox !== undefined && before.state === 'broken' ? ({ state: 'active', problem: null } as const) : {};
      const record = await store.workspaces.update(before.id, {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(tried === null
          ? {}
          : sealInbox(vault, before.id, tried.input(), { record: before, nowMs: deps.clock.nowMs() })),
        ...(account === null ? {} : { inboxAccount: account.accountId }),
        ...(body.default_sender === undefined ? {} : { defaultSender: body.default_sender }),
        ...(body.conversation_rules === undefined ? {} : { conversationRules: rules }),
        ...mended,
        ...(body.state === undefined ? {} : { state: body.state, problem: null }),
      });
      deps.onChange();
      return show(found(record));
    },

    async listInboxes(_context, { params }) {
      const record = found(await store.workspaces.read(params.workspace_id));
      const { inboxes } = deps.openInbox(record);
      if (inboxes === undefined) return { data: [] };
      return { data: [...answered(deps.inboxKinds[record.inboxKind].displayName, await inboxes.list())] };
    },

    async deleteWorkspace(_context, { params }) {
      found(await store.workspaces.read(params.workspace_id));
      await deps.deleteChannelsOf(params.workspace_id);
      await store.workspaces.delete(params.workspace_id);
      deps.onChange();
      return undefined;
    },
  };
}

function found(record: WorkspaceRecord | null): WorkspaceRecord {
  if (!record)
    throw new ApiError('NOT_FOUND', {
      message: 'There is no such workspace. Check its id: GET /api/v1/workspaces lists them.',
    });
  return record;
}

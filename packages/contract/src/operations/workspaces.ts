import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { anyAccount, anyAgent, Inbox, InboxInput, inboxKindEntries, kindsWith, webhookSetups } from '../inbox-kinds.ts';
import { operation } from '../operation.ts';
import { ChangeConversationRules, ConversationRules } from './conversation-rules.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const DefaultSender = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: `The ${anyAgent} who appears as the sender when a send names none.` });

export const Workspace = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string(),
    inbox: Inbox,
    default_sender: DefaultSender.nullable(),
    conversation_rules: ConversationRules,
    webhook_url: z
      .string()
      .nullable()
      .meta({
        description: `Where the inbox sends the replies of agents. Null while the gateway has no public address. ${webhookSetups}`,
      }),
    webhook_topics: z.array(z.string()).meta({
      description:
        'The webhook topics that you must subscribe to by hand, exactly these. Empty when the gateway subscribes itself.',
    }),
    state: z.enum(['active', 'disabled', 'broken']),
    problem: z.string().nullable().meta({ description: 'Why the workspace is broken, and what to do.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.output<typeof Workspace>;

const params = z.strictObject({ workspace_id: idSchema('workspace') });
const path = '/api/v1/workspaces/{workspace_id}';

const createWorkspace = operation({
  id: 'createWorkspace',
  method: 'POST',
  repetition: 'answer',
  path: '/api/v1/workspaces',
  auth: 'any',
  permission: 'manage',
  reach: 'installation',
  tag: 'Workspaces',
  summary: 'Connect an inbox.',
  description: `Connects ${anyAccount}. The credentials are stored encrypted and never shown again.`,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      name: DisplayName,
      inbox: InboxInput,
      default_sender: DefaultSender.nullish(),
      conversation_rules: ChangeConversationRules.optional(),
    })
    .meta({ id: 'CreateWorkspace' }),
  responses: { 201: Workspace },
  errors: ['ALREADY_CONNECTED', 'INBOX_REFUSED'],
  examples: Object.fromEntries(inboxKindEntries.map(([kind, { createExample }]) => [kind, createExample])),
});

const listWorkspaces = operation({
  id: 'listWorkspaces',
  method: 'GET',
  path: '/api/v1/workspaces',
  auth: 'any',
  permission: 'read',
  tag: 'Workspaces',
  summary: 'List workspaces, oldest first.',
  description: 'The workspaces that the credential has access to.',
  query: z.strictObject(pageQuery),
  responses: { 200: pageOf(Workspace).meta({ id: 'WorkspacePage' }) },
  errors: [],
});

const getWorkspace = operation({
  id: 'getWorkspace',
  method: 'GET',
  path,
  auth: 'any',
  permission: 'read',
  tag: 'Workspaces',
  summary: 'Show a workspace, without its secrets.',
  description: 'Includes the settings of its inbox and its conversation rules.',
  params,
  responses: { 200: Workspace },
  errors: ['NOT_FOUND'],
});

const updateWorkspace = operation({
  id: 'updateWorkspace',
  method: 'PATCH',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Change a workspace.',
  description:
    'Absent fields do not change, also within `conversation_rules`. `inbox` replaces all settings and credentials and must be of the same kind.',
  params,
  body: z
    .strictObject({
      name: DisplayName.optional(),
      inbox: InboxInput.optional(),
      default_sender: DefaultSender.nullish().meta({ description: 'Null removes it.' }),
      conversation_rules: ChangeConversationRules.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ id: 'UpdateWorkspace' }),
  responses: { 200: Workspace },
  errors: ['NOT_FOUND', 'ALREADY_CONNECTED', 'INBOX_REFUSED'],
  examples: {
    sender: { summary: 'Set the default sender', value: { default_sender: '814860' } },
    rules: {
      summary: 'New conversations a day after the last one was closed, for a team',
      value: {
        conversation_rules: {
          new_conversation: { after: 'closing', minutes: 1440 },
          assign_new_to: { kind: 'team', id: '5017691' },
        },
      },
    },
  },
});

export const PortalInbox = z
  .strictObject({ id: z.string(), name: z.string(), kind: z.enum(['inbox', 'help_desk']) })
  .meta({ id: 'PortalInbox' });
export type PortalInbox = z.output<typeof PortalInbox>;

const listInboxes = operation({
  id: 'listInboxes',
  method: 'GET',
  path: '/api/v1/workspaces/{workspace_id}/inboxes',
  auth: 'any',
  permission: 'read',
  tag: 'Workspaces',
  summary: `List the inboxes of a ${kindsWith('inboxes')} portal.`,
  description: `The inboxes that the conversations of a bot can go to, as ${kindsWith('inboxes')} lists them now. Other kinds of inbox have no choice: their list is empty.`,
  params,
  responses: { 200: z.strictObject({ data: z.array(PortalInbox) }).meta({ id: 'PortalInboxes' }) },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH', 'INBOX_REFUSED'],
});

const deleteWorkspace = operation({
  id: 'deleteWorkspace',
  method: 'DELETE',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Delete a workspace with its channels and keys.',
  description: 'Its keys are revoked. The conversations in the inbox remain there.',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

export const workspaceOperations = {
  createWorkspace,
  listWorkspaces,
  getWorkspace,
  updateWorkspace,
  listInboxes,
  deleteWorkspace,
} as const;

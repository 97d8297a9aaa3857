import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { ChangeConversationRules, ConversationRules } from './conversation-rules.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

const Secret = z.string().min(1).max(4000).meta({ secret: true, writeOnly: true });
const BaseUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/?#]+[^\s?#]*$/, 'must be an http or https address without a query.')
  .max(2000)
  .meta({ format: 'uri' });
export const WorkspaceName = z.string().trim().min(1).max(200);

const ContactMatching = z
  .strictObject({
    create: z.boolean().meta({ description: 'Create a contact where none matches.' }),
    property: z.string().min(1).max(200).meta({ description: 'The contact property that holds the identifier.' }),
    identifier: z.enum(['user_id', 'username']),
  })
  .meta({ id: 'ContactMatching' });

export const IntercomInput = z
  .strictObject({
    kind: z.literal('intercom'),
    access_token: Secret,
    region: z.enum(['us', 'eu', 'au']).default('us'),
    base_url: BaseUrl.optional().meta({
      description: 'In place of the address of the region; `{region}` in it stands for the region.',
    }),
    client_secret: Secret.optional().meta({ description: "Verifies the signature of Intercom's webhooks." }),
    client_id: z.string().min(1).max(200).optional().meta({
      description: 'Of an app that several workspaces installed: its webhooks come to one address for all of them.',
    }),
    contact_role: z.enum(['lead', 'user']).default('lead'),
  })
  .meta({ id: 'IntercomInput' });

export const HubspotInput = z
  .strictObject({
    kind: z.literal('hubspot'),
    client_id: z.string().min(1).max(200),
    client_secret: Secret,
    refresh_token: Secret,
    app_id: z.string().min(1).max(100),
    developer_api_key: Secret.optional(),
    channel_id: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "HubSpot's custom channel; created when absent." }),
    inbox_id: z.string().min(1).max(100).optional().meta({
      description:
        'The inbox that new bots go to where `createChannel` names none. Absent: the only one of the portal.',
    }),
    base_url: BaseUrl.optional(),
    contact_matching: ContactMatching.optional(),
  })
  .meta({ id: 'HubspotInput' });

export const InboxInput = z.discriminatedUnion('kind', [IntercomInput, HubspotInput]).meta({ id: 'InboxInput' });
export type InboxInput = z.output<typeof InboxInput>;

export const Inbox = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('intercom'),
      settings: z.strictObject({
        region: z.enum(['us', 'eu', 'au']),
        base_url: z.string().nullable(),
        contact_role: z.enum(['lead', 'user']),
        client_id: z.string().nullable(),
        has_client_secret: z.boolean(),
      }),
    }),
    z.strictObject({
      kind: z.literal('hubspot'),
      settings: z.strictObject({
        client_id: z.string(),
        app_id: z.string(),
        channel_id: z.string().nullable(),
        inbox_id: z.string().nullable(),
        base_url: z.string().nullable(),
        contact_matching: ContactMatching.nullable(),
        has_developer_api_key: z.boolean(),
      }),
    }),
  ])
  .meta({ id: 'Inbox', description: 'The connected inbox without its secrets.' });
export type Inbox = z.output<typeof Inbox>;

export const DefaultSender = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'The Intercom teammate or HubSpot user who appears as the sender where a send names none.' });

export const Workspace = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string(),
    inbox: Inbox,
    default_sender: DefaultSender.nullable(),
    conversation_rules: ConversationRules,
    webhook_url: z.string().nullable().meta({
      description:
        "Where the inbox delivers what agents answer; null while the gateway has no public address. Intercom: enter it in the app's webhook settings. HubSpot: entered with the channel.",
    }),
    webhook_topics: z.array(z.string()).meta({
      description: 'What must be subscribed there by hand, exactly; empty where the gateway sees to it itself.',
    }),
    state: z.enum(['active', 'disabled', 'broken']),
    problem: z.string().nullable().meta({ description: 'Why it is broken, and what to do.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.output<typeof Workspace>;

const params = z.strictObject({ workspace_id: idSchema('workspace') });
const path = '/api/v1/workspaces/{workspace_id}';

const createWorkspace = operation({
  id: 'createWorkspace',
  method: 'POST',
  path: '/api/v1/workspaces',
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Connect an inbox.',
  description: 'Connects an Intercom workspace or a HubSpot portal. The credentials are kept and never shown again.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      name: WorkspaceName,
      inbox: InboxInput,
      default_sender: DefaultSender.nullish(),
      conversation_rules: ChangeConversationRules.optional(),
    })
    .meta({ id: 'CreateWorkspace' }),
  responses: { 201: Workspace },
  errors: [],
  examples: {
    intercom: {
      summary: 'An Intercom workspace',
      value: { name: 'Support', inbox: { kind: 'intercom', access_token: 'dG9rOmV4YW1wbGU=', region: 'eu' } },
    },
    hubspot: {
      summary: 'A HubSpot portal',
      value: {
        name: 'Support',
        inbox: {
          kind: 'hubspot',
          client_id: 'example-client',
          client_secret: 'example-secret',
          refresh_token: 'example-refresh-token',
          app_id: '1234567',
          inbox_id: '987654',
        },
      },
    },
  },
});

const listWorkspaces = operation({
  id: 'listWorkspaces',
  method: 'GET',
  path: '/api/v1/workspaces',
  auth: 'any',
  permission: 'read',
  tag: 'Workspaces',
  summary: 'List workspaces.',
  description: 'The oldest first.',
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
  summary: 'Show a workspace.',
  description: 'Without its secrets.',
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
    'Fields that are absent stay as they are, within `conversation_rules` too. `inbox` replaces all settings and credentials and must be of the same kind.',
  params,
  body: z
    .strictObject({
      name: WorkspaceName.optional(),
      inbox: InboxInput.optional(),
      default_sender: DefaultSender.nullish().meta({ description: 'Null removes it.' }),
      conversation_rules: ChangeConversationRules.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ id: 'UpdateWorkspace' }),
  responses: { 200: Workspace },
  errors: ['NOT_FOUND'],
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
  summary: 'List the inboxes of a HubSpot portal.',
  description: 'Where the conversations of a bot can go, as HubSpot lists them now. Intercom has none to choose from.',
  params,
  responses: { 200: z.strictObject({ data: z.array(PortalInbox) }).meta({ id: 'PortalInboxes' }) },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH'],
});

const deleteWorkspace = operation({
  id: 'deleteWorkspace',
  method: 'DELETE',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Delete a workspace.',
  description: 'Deletes its channels too and revokes its keys. What stands in the inbox stays there.',
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

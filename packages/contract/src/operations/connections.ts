import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';
import { DefaultSender, HubspotInput, IntercomInput, WorkspaceName } from './workspaces.ts';

/** What a grant adds is left out; what names and opens the app may come from the settings of the gateway. */
const ConnectIntercom = IntercomInput.omit({ access_token: true })
  .extend({
    region: IntercomInput.shape.region.unwrap().optional().meta({
      description: 'Whose sign-in page is opened; the region of the workspace is found out. Absent: us.',
    }),
  })
  .meta({ id: 'ConnectIntercom' });

const ConnectHubspot = HubspotInput.omit({ refresh_token: true })
  .partial({ client_id: true, client_secret: true, app_id: true })
  .meta({ id: 'ConnectHubspot' });

export const ConnectInbox = z.discriminatedUnion('kind', [ConnectIntercom, ConnectHubspot]).meta({
  id: 'ConnectInbox',
  description:
    'The app that is installed, and the settings of the inbox. `client_id` and `client_secret` (HubSpot also `app_id`, `developer_api_key`) come from the settings of the gateway where they are absent.',
});
export type ConnectInbox = z.output<typeof ConnectInbox>;

/** Why an install came to nothing. */
export const connectionProblems = [
  'denied',
  'refused',
  'wrong_account',
  'already_connected',
  'missing_scopes',
  'wrong_app',
  'unfit_setting',
] as const;
export type ConnectionProblem = (typeof connectionProblems)[number];

export const Connection = z
  .strictObject({
    id: idSchema('connection'),
    kind: z.enum(['intercom', 'hubspot']),
    state: z.enum(['waiting', 'connected', 'failed', 'expired']),
    start_url: z.string().meta({
      description:
        'Open it in a browser: it leads to the sign-in page of the inbox, and the answer counts in that browser only.',
    }),
    redirect_url: z.string().meta({ description: 'Must stand among the redirect URLs of the app, exactly so.' }),
    scopes: z.array(z.string()).meta({
      description: 'What the app asks for. Empty for Intercom, where permissions are chosen in the Developer Hub.',
    }),
    workspace_id: idSchema('workspace').nullable().meta({ description: 'The workspace, once there is one.' }),
    problem: z
      .strictObject({ code: z.enum(connectionProblems), message: z.string() })
      .nullable()
      .meta({ description: 'Why it failed, and what to do.' }),
    created_at: Timestamp,
    expires_at: Timestamp,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof Connection>;

const createConnection = operation({
  id: 'createConnection',
  method: 'POST',
  path: '/api/v1/connections',
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Connect an inbox by OAuth.',
  description:
    'Begins the install of your app in an Intercom workspace or a HubSpot portal. Whoever may install apps there opens `start_url`; afterwards the workspace is there. With `workspace_id` the grant of that workspace is renewed.',
  body: z
    .strictObject({
      workspace_id: idSchema('workspace').optional().meta({ description: 'Absent: a new workspace.' }),
      name: WorkspaceName.optional().meta({ description: 'Of a new workspace. Absent: the name of the account.' }),
      inbox: ConnectInbox.optional().meta({ description: 'Absent, with `workspace_id`: as it is connected now.' }),
      default_sender: DefaultSender.nullish().meta({ description: 'Of a new workspace.' }),
    })
    .meta({ id: 'CreateConnection' }),
  responses: { 201: Connection },
  errors: ['NOT_FOUND'],
  examples: {
    hubspot: {
      summary: 'A HubSpot portal, with the app of the settings',
      value: { name: 'Support', inbox: { kind: 'hubspot' } },
    },
    renew: { summary: 'Renew the grant of a workspace', value: { workspace_id: 'wsp_01k8xample' } },
  },
});

const waitMax = 30;

const getConnection = operation({
  id: 'getConnection',
  method: 'GET',
  path: '/api/v1/connections/{connection_id}',
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Show what became of an install.',
  description: 'Kept for a day after it has expired.',
  params: z.strictObject({ connection_id: idSchema('connection') }),
  query: z.strictObject({
    wait_seconds: z
      .string()
      .regex(/^\d{1,2}$/, `must be a whole number from 0 to ${waitMax}.`)
      .transform(Number)
      .pipe(z.int().min(0).max(waitMax, `must be a whole number from 0 to ${waitMax}.`))
      .default(0)
      .meta({ description: `Answers when it is no longer waiting, or after this time: 0 to ${waitMax}.` }),
  }),
  responses: { 200: Connection },
  errors: ['NOT_FOUND'],
});

export const connectionOperations = { createConnection, getConnection } as const;

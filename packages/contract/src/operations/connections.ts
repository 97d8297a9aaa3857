import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { anyAccount, ConnectInbox, inboxKindEntries, inboxKindNames, kindsWith } from '../inbox-kinds.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';
import { DefaultSender } from './workspaces.ts';

/** Why an install failed. */
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
    kind: z.enum(inboxKindNames),
    state: z.enum(['waiting', 'connected', 'failed', 'expired']),
    start_url: z.string().meta({
      description:
        'Open it in a browser. It leads to the sign-in page of the inbox. The answer of that page is accepted in the same browser only.',
    }),
    redirect_url: z.string().meta({ description: 'Add exactly this URL to the redirect URLs of the app.' }),
    scopes: z.array(z.string()).meta({
      description: `The scopes that the app asks for (${kindsWith('scopes')}). Empty where the permissions are chosen in the settings of the app instead.`,
    }),
    workspace_id: idSchema('workspace').nullable().meta({ description: 'The workspace, as soon as it exists.' }),
    problem: z
      .strictObject({ code: z.enum(connectionProblems), message: z.string() })
      .nullable()
      .meta({ description: 'Why it failed, and what to do.' }),
    created_at: Timestamp,
    expires_at: Timestamp,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof Connection>;

const connectExamples = Object.fromEntries(
  inboxKindEntries.flatMap(([kind, { connectExample }]) => (connectExample === null ? [] : [[kind, connectExample]])),
);

const createConnection = operation({
  id: 'createConnection',
  method: 'POST',
  repetition: 'once',
  ifLost: 'GET /api/v1/connections/{id} shows its start_url again.',
  path: '/api/v1/connections',
  auth: 'any',
  permission: 'manage',
  reach: 'installation-unless-named',
  tag: 'Workspaces',
  summary: 'Connect an inbox by OAuth, or renew its authorization.',
  description: `Starts the install of your app in ${anyAccount}. A person who may install apps there opens \`start_url\`; then the workspace is created. With \`workspace_id\` the authorization of that workspace is renewed instead.`,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      workspace_id: idSchema('workspace').optional().meta({ description: 'Absent: a new workspace.' }),
      name: DisplayName.optional().meta({
        description: 'The name of a new workspace. Absent: the name of the account.',
      }),
      inbox: ConnectInbox.optional().meta({
        description: 'May be absent with `workspace_id`: then the current settings are used.',
      }),
      default_sender: DefaultSender.nullish().meta({ description: 'The default sender of a new workspace.' }),
    })
    .meta({ id: 'CreateConnection' }),
  responses: { 201: Connection },
  errors: ['NOT_FOUND'],
  examples: {
    ...connectExamples,
    renew: { summary: 'Renew the authorization of a workspace', value: { workspace_id: 'wsp_01k8xample' } },
  },
});

const waitSecondsMax = 30;
const waitMessage = `must be a whole number from 0 to ${waitSecondsMax}.`;

const getConnection = operation({
  id: 'getConnection',
  method: 'GET',
  path: '/api/v1/connections/{connection_id}',
  auth: 'any',
  permission: 'manage',
  tag: 'Workspaces',
  summary: 'Show the state of an install.',
  description: 'Available until one day after it expired.',
  params: z.strictObject({ connection_id: idSchema('connection') }),
  query: z.strictObject({
    wait_seconds: z
      .string()
      .regex(/^\d{1,2}$/, waitMessage)
      .transform(Number)
      .pipe(z.int().min(0).max(waitSecondsMax, waitMessage))
      .default(0)
      .meta({
        description: `How long to wait while the state is \`waiting\`: 0 to ${waitSecondsMax} seconds. Answers earlier when the state changes.`,
      }),
  }),
  responses: { 200: Connection },
  errors: ['NOT_FOUND'],
});

export const connectionOperations = { createConnection, getConnection } as const;

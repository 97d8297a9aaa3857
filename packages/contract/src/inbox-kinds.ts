/**
 * The kinds of inbox, and everything that the public API knows about each. The only file of the contract that names them: to add a kind, add a member
 * to `inboxKinds`. The request bodies, the answers, the sender fields of a send and the texts of the API documents are derived from it.
 */
import { z } from 'zod';
import { Credential, ServerAddress, whoMayName } from './field-schemas.ts';

interface RequestExample {
  readonly summary: string;
  readonly value: unknown;
}

/** What the API documents say about a kind, and what differs from kind to kind. */
interface InboxKindFacts {
  /** The product's name. */
  readonly displayName: string;
  /** What an account is called there, with its article. */
  readonly account: string;
  /** What a member of the support team is called there. */
  readonly agent: string;
  /** The field of a send that names the agent who appears as the sender. */
  readonly senderField: string;
  /** How the webhook address of a workspace gets into the provider's settings. */
  readonly webhookSetup: string;
  readonly has: {
    /** Tags on conversations. */
    readonly tags: boolean;
    /** A “seen” state, which stops e-mails to the customer. */
    readonly seen: boolean;
    /** Several inboxes in one account, to choose from. */
    readonly inboxes: boolean;
    /** Scopes that an app asks for at its install; else permissions are chosen in the provider's settings. */
    readonly scopes: boolean;
  };
  /** The defaults of the conversation rules that depend on the kind. */
  readonly defaultRules: { readonly tag: string | null; readonly mark_seen: 'on' | 'off' };
  /** The settings and credentials in a request that connects a workspace. */
  readonly input: z.ZodObject;
  /** The same without the credentials that OAuth brings. */
  readonly connectInput: z.ZodObject;
  /** The inbox in answers: its settings without the credentials. */
  readonly output: z.ZodObject;
  readonly createExample: RequestExample;
  readonly connectExample: RequestExample | null;
}

const Region = z.enum(['us', 'eu', 'au']);
const ContactRole = z.enum(['lead', 'user']);

const IntercomInput = z
  .strictObject({
    kind: z.literal('intercom'),
    access_token: Credential,
    region: Region.default('us'),
    base_url: ServerAddress.optional().meta({
      description: `Replaces the API address of the region. \`{region}\` in it is replaced by the region. ${whoMayName}`,
    }),
    client_secret: Credential.optional().meta({ description: "Verifies the signature of Intercom's webhooks." }),
    client_id: z.string().min(1).max(200).optional().meta({
      description: 'Needed for an app that several workspaces installed: its webhooks for all of them use one address.',
    }),
    contact_role: ContactRole.default('lead'),
  })
  .meta({ id: 'IntercomInput' });

const ConnectIntercom = IntercomInput.omit({ access_token: true })
  .extend({
    region: Region.optional().meta({
      description: 'The region whose sign-in page is opened. The region of the workspace is detected. Absent: us.',
    }),
  })
  .meta({ id: 'ConnectIntercom' });

const ContactMatching = z
  .strictObject({
    create: z.boolean().meta({ description: 'Create a contact when none matches.' }),
    property: z.string().min(1).max(200).meta({ description: 'The contact property that holds the identifier.' }),
    identifier: z.enum(['user_id', 'username']),
  })
  .meta({ id: 'ContactMatching' });

const HubspotInput = z
  .strictObject({
    kind: z.literal('hubspot'),
    client_id: z.string().min(1).max(200),
    client_secret: Credential,
    refresh_token: Credential,
    app_id: z.string().min(1).max(100),
    developer_api_key: Credential.optional(),
    channel_id: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "HubSpot's custom channel. Absent: a new one is created." }),
    inbox_id: z.string().min(1).max(100).optional().meta({
      description: 'The inbox of new bots for which `createChannel` names none. Absent: the only inbox of the portal.',
    }),
    base_url: ServerAddress.optional().meta({ description: `Replaces the address of HubSpot's API. ${whoMayName}` }),
    contact_matching: ContactMatching.optional(),
  })
  .meta({ id: 'HubspotInput' });

const ConnectHubspot = HubspotInput.omit({ refresh_token: true })
  .partial({ client_id: true, client_secret: true, app_id: true })
  .meta({ id: 'ConnectHubspot' });

const intercom = {
  displayName: 'Intercom',
  account: 'an Intercom workspace',
  agent: 'teammate',
  senderField: 'intercom_teammate_id',
  webhookSetup: "enter it in the app's webhook settings.",
  has: { tags: true, seen: true, inboxes: false, scopes: false },
  defaultRules: { tag: 'telegram', mark_seen: 'on' },
  input: IntercomInput,
  connectInput: ConnectIntercom,
  output: z.strictObject({
    kind: z.literal('intercom'),
    settings: z.strictObject({
      region: Region,
      base_url: z.string().nullable(),
      contact_role: ContactRole,
      client_id: z.string().nullable(),
      has_client_secret: z.boolean(),
    }),
  }),
  createExample: {
    summary: 'An Intercom workspace',
    value: { name: 'Support', inbox: { kind: 'intercom', access_token: 'dG9rOmV4YW1wbGU=', region: 'eu' } },
  },
  connectExample: null,
} as const satisfies InboxKindFacts;

const hubspot = {
  displayName: 'HubSpot',
  account: 'a HubSpot portal',
  agent: 'user',
  senderField: 'hubspot_user_id',
  webhookSetup: 'the gateway sets it together with the channel.',
  has: { tags: false, seen: false, inboxes: true, scopes: true },
  defaultRules: { tag: null, mark_seen: 'off' },
  input: HubspotInput,
  connectInput: ConnectHubspot,
  output: z.strictObject({
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
  createExample: {
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
  connectExample: {
    summary: "A HubSpot portal, with the app of the gateway's settings",
    value: { name: 'Support', inbox: { kind: 'hubspot' } },
  },
} as const satisfies InboxKindFacts;

/** Every kind of inbox, in the order of the API documents. */
export const inboxKinds = { intercom, hubspot } as const satisfies Record<string, InboxKindFacts>;

export type InboxKind = keyof typeof inboxKinds;
type AnyKind = (typeof inboxKinds)[InboxKind];
type Listed<T> = readonly [T, ...T[]];

/** The names of the kinds, as requests and answers carry them. */
export const inboxKindNames = Object.keys(inboxKinds) as unknown as Listed<InboxKind>;

/** Every kind as a pair of its name and its facts. */
export const inboxKindEntries = Object.entries(inboxKinds) as unknown as Listed<readonly [InboxKind, AnyKind]>;

/** One value for each kind, in the order of the kinds. */
const mapKinds = <T>(map: (kind: AnyKind) => T): Listed<T> =>
  Object.values(inboxKinds).map(map) as unknown as Listed<T>;

/** `Intercom or HubSpot`: the product names of the kinds that have a feature. */
export const kindsWith = (feature: keyof InboxKindFacts['has']): string =>
  Object.values(inboxKinds)
    .filter(({ has }) => has[feature])
    .map(({ displayName }) => displayName)
    .join(' or ');

/** `an Intercom workspace or a HubSpot portal` */
export const anyAccount = mapKinds(({ account }) => account).join(' or ');

/** `Intercom teammate or HubSpot user` */
export const anyAgent = mapKinds(({ displayName, agent }) => `${displayName} ${agent}`).join(' or ');

/** How each kind gets the webhook address of a workspace, a sentence for each. */
export const webhookSetups = mapKinds(({ displayName, webhookSetup }) => `${displayName}: ${webhookSetup}`).join(' ');

/** The settings and credentials of an inbox in a request. */
export const InboxInput = z
  .discriminatedUnion(
    'kind',
    mapKinds(({ input }) => input),
  )
  .meta({ id: 'InboxInput' });
export type InboxInput = z.output<typeof InboxInput>;

/** The fields of the requests that carry a secret. A test compares them with the schemas. */
export const inboxSecretNames = ['access_token', 'client_secret', 'refresh_token', 'developer_api_key'] as const;
export type InboxSecretName = (typeof inboxSecretNames)[number];

/** The settings of an inbox that is connected by OAuth, in a request. */
export const ConnectInbox = z
  .discriminatedUnion(
    'kind',
    mapKinds(({ connectInput }) => connectInput),
  )
  .meta({
    id: 'ConnectInbox',
    description:
      'The app that is installed, and the settings of the inbox. The ids and secrets of the app (`client_id`, `client_secret` and, for HubSpot, `app_id` and `developer_api_key`) come from the settings of the gateway where they are absent, but not for a `base_url` at another origin than that of the settings or of the provider.',
  });
export type ConnectInbox = z.output<typeof ConnectInbox>;

/** The connected inbox in answers. */
export const Inbox = z
  .discriminatedUnion(
    'kind',
    mapKinds(({ output }) => output),
  )
  .meta({ id: 'Inbox', description: 'The connected inbox without its secrets.' });
export type Inbox = z.output<typeof Inbox>;

type SenderField = AnyKind['senderField'];
type SenderShape = { readonly [F in SenderField]: z.ZodOptional<typeof SenderId> };

const senderIdMessage = 'must be the id of a sender: a string of 1 to 255 characters, or a whole number.';

/** The id of a sender as a string. A JSON integer is accepted and converted to a string. */
const SenderId = z.union(
  [
    z.string().min(1, senderIdMessage).max(255, senderIdMessage),
    z
      .int({ error: senderIdMessage })
      .min(0, senderIdMessage)
      .max(Number.MAX_SAFE_INTEGER, senderIdMessage)
      .transform(String),
  ],
  { error: senderIdMessage },
);

/** The fields of a send that name the sender: one for each kind. */
export const senderFields = Object.fromEntries(
  mapKinds(({ displayName, agent, senderField }) => [
    senderField,
    SenderId.optional().meta({
      description: `The ${displayName} ${agent} who appears as the sender. Default: the default sender of the workspace.`,
    }),
  ]),
) as SenderShape;

/** The same in answers. */
export const shownSenderFields = Object.fromEntries(
  mapKinds(({ senderField }) => [senderField, z.string().optional()]),
) as { readonly [F in SenderField]: z.ZodOptional<z.ZodString> };

/** The sender fields of a valid send. */
export type SenderValues = { readonly [F in SenderField]?: string | undefined };

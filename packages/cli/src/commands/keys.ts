import type { CreateKey, Key, KeyCreated, KeyLimit, KeyRotated, UpdateKey } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { deleteCommand, listCommand, operationCommand } from '../operation-command.ts';
import { choice, flag, list, number, secret, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type Row, time, type View } from '../view.ts';

const describeKey = (key: Key): View => [
  fields({
    id: key.id,
    name: key.name,
    kind: key.kind,
    workspace: key.workspace_id,
    channel: key.channel_id,
    begins: key.prefix,
    state: key.state,
    limit: `${key.limit.per_second} per second, burst ${key.limit.burst}`,
    created: time(key.created_at),
    expires: key.expires_at === null ? 'never' : time(key.expires_at),
    retires: key.retires_at && time(key.retires_at),
    may: key.scopes.join(', '),
    from: key.networks.length === 0 ? 'anywhere' : key.networks.join(', '),
    'last used': key.last_used_at === null ? 'never' : `${time(key.last_used_at)} from ${key.last_used_from}`,
  }),
];

/** The time at which a key stops working by itself: it expires, or its overlap after a rotation ends. */
const endOfKey = ({ expires_at, retires_at }: Key): string => {
  const [first] = [expires_at, retires_at].filter((end) => end !== null).sort();
  return first === undefined ? 'never' : time(first);
};

const rowOfKey = (key: Key): Row => ({
  id: key.id,
  name: key.name,
  begins: key.prefix,
  of: key.channel_id ?? key.workspace_id,
  state: key.state,
  ends: endOfKey(key),
  'last used': time(key.last_used_at),
});

const describeSecret = (keySecret: string): string => `The key. It is shown only now:\n\n  ${keySecret}`;

const describeRotation = (key: KeyRotated): View => [
  ...describeKey(key),
  describeSecret(key.secret),
  `The old key (${key.replaces.id}, ${key.replaces.prefix}…) works until ${time(key.replaces.retires_at)}.`,
];

/** What a key may do, and from where. */
const limitOptions = {
  'expires-at': text('TIME', 'When the key expires, such as 2030-01-31T12:00:00Z. Default: never.'),
  'per-second': number('N', 'Requests per second.'),
  burst: number('N', 'Requests at the same moment.'),
  scopes: list('LIST', 'What the key may do: send, read and, for a workspace, manage. Default: send,read.'),
  networks: list('LIST', 'Where the key may be used from, such as 203.0.113.0/24,2001:db8::7. Default: anywhere.'),
} as const;

const createOptions = {
  channel: text('ID', 'The channel that the key sends from.'),
  workspace: text('ID', 'The workspace, for a key to all its channels.'),
  name: text('NAME', 'The name of the key.'),
  ...limitOptions,
  secret: secret('The key to import. Default: a new key. You are not asked for it.'),
} as const;

const updateOptions = {
  ...limitOptions,
  name: text('NAME', 'The name of the key.'),
  anywhere: flag('Allow use from anywhere.'),
  'never-expires': flag('Remove the expiry.'),
} as const;

const readLimit = (perSecond: number | undefined, burst: number | undefined): KeyLimit | undefined => {
  if (perSecond === undefined && burst === undefined) return undefined;
  if (perSecond === undefined || burst === undefined)
    throw new UsageError('Give --per-second and --burst together.', '--per-second 50 --burst 100');
  return { per_second: perSecond, burst };
};

type Owner =
  | { readonly kind: 'channel'; readonly channel_id: string }
  | { readonly kind: 'workspace'; readonly workspace_id: string };

const readOwner = (channel: string | undefined, workspace: string | undefined): Owner => {
  if (channel !== undefined && workspace === undefined) return { kind: 'channel', channel_id: channel };
  if (workspace !== undefined && channel === undefined) return { kind: 'workspace', workspace_id: workspace };
  throw new UsageError('Give either --channel or --workspace.', 'chatferry keys create --workspace wsp_01k8xample');
};

type LimitValues = Pick<Call<typeof limitOptions>['values'], 'per-second' | 'burst' | 'scopes'>;

const readLimits = (values: LimitValues) => ({
  limit: readLimit(values['per-second'], values.burst),
  // The gateway refuses a scope that it does not know.
  scopes: values.scopes as Key['scopes'] | undefined,
});

const readNewKey = async ({ values }: Call<typeof createOptions>): Promise<CreateKey> => ({
  ...readOwner(values.channel, values.workspace),
  ...readLimits(values),
  name: values.name,
  expires_at: values['expires-at'],
  networks: values.networks,
  secret: await values.secret.given(),
});

const describeNewKey = (key: KeyCreated, _call: unknown, request: CreateKey | undefined): View => [
  ...describeKey(key),
  request?.secret === undefined ? describeSecret(key.secret) : 'The imported key works now.',
];

const readKeyChange = ({ values }: Call<typeof updateOptions>): UpdateKey => {
  if (values.anywhere && values.networks !== undefined)
    throw new UsageError('Give either --networks or --anywhere.', 'chatferry keys update key_01k8xample --anywhere');
  return {
    ...readLimits(values),
    name: values.name,
    expires_at: values['never-expires'] ? null : values['expires-at'],
    networks: values.anywhere ? [] : values.networks,
  };
};

export const keyCommands: readonly Command[] = [
  operationCommand({
    name: 'keys create',
    operation: 'createKey',
    description: 'A channel key sends from one channel, a workspace key from any channel of its workspace.',
    options: createOptions,
    examples: [
      'keys create --workspace wsp_01k8xample --name Backend',
      'keys create --channel chn_01k8xample --secret-file ./key-of-the-old-system',
    ],
    request: readNewKey,
    view: describeNewKey,
  }),
  listCommand({
    name: 'keys list',
    operation: 'listKeys',
    options: {
      workspace: text('ID', 'Only keys of this workspace.'),
      channel: text('ID', 'Only keys of this channel.'),
      state: choice(['live', 'retired', 'revoked', 'expired'], 'Only keys in this state.'),
    },
    examples: ['keys list --state live'],
    show: rowOfKey,
    empty: 'There are no such keys.',
  }),
  operationCommand({
    name: 'keys show',
    operation: 'getKey',
    view: describeKey,
  }),
  operationCommand({
    name: 'keys update',
    operation: 'updateKey',
    description: 'Options that are not given do not change anything. The change takes effect within five seconds.',
    options: updateOptions,
    examples: ['keys update key_01k8xample --networks 203.0.113.0/24', 'keys update key_01k8xample --anywhere'],
    request: readKeyChange,
    view: describeKey,
  }),
  operationCommand({
    name: 'keys rotate',
    operation: 'rotateKey',
    description: 'The old key works until the overlap ends. After that it always answers error 6.',
    options: {
      'overlap-seconds': number('N', 'How long the old key still works: 0 to 2592000 seconds. Default: one day.'),
    },
    examples: ['keys rotate key_01k8xample --overlap-seconds 3600'],
    request: ({ values }) => ({ overlap_seconds: values['overlap-seconds'] }),
    view: describeRotation,
  }),
  operationCommand({
    name: 'keys revoke',
    operation: 'revokeKey',
    description: 'Within five seconds it answers error 6, permanently.',
    view: describeKey,
  }),
  deleteCommand({
    name: 'keys delete',
    operation: 'deleteKey',
    description:
      'Afterwards its callers get the same answer as with a key that never existed. To tell them that the key was replaced, revoke it instead.',
    confirmation: (key) => `Delete the key ${key}?`,
  }),
];

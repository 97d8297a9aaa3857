import type { Key, KeyLimit } from '@chatferry/sdk';
import { type Command, command } from '../command.ts';
import { choice, flag, number, secret, text } from '../option.ts';
import { block, page, paragraphs, time } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { pagingOptions } from './paging-options.ts';

const describe = (key: Key): string =>
  block({
    id: key.id,
    name: key.name,
    kind: key.kind,
    workspace: key.workspace_id,
    channel: key.channel_id,
    begins: key.prefix,
    state: key.state,
    limit: `${key.limit.per_second} a second, ${key.limit.burst} at once`,
    created: time(key.created_at),
    expires: key.expires_at === null ? 'never' : time(key.expires_at),
    retires: key.retires_at === null ? null : time(key.retires_at),
    may: key.scopes.join(', '),
    from: key.networks.length === 0 ? 'anywhere' : key.networks.join(', '),
    'last used': key.last_used_at === null ? 'never' : `${time(key.last_used_at)} from ${key.last_used_from}`,
  });

/** A rotated key ends by itself, and at the latest when it expires. */
const endOf = ({ expires_at, retires_at }: Key): string => {
  const [first] = [expires_at, retires_at].filter((end) => end !== null).sort();
  return first === undefined ? 'never' : time(first);
};

const shownOnce = (secretOfKey: string): string => `The key; it is shown only now:\n\n  ${secretOfKey}`;

const limitOf = (perSecond: number | undefined, burst: number | undefined): KeyLimit | undefined => {
  if (perSecond === undefined && burst === undefined) return undefined;
  if (perSecond === undefined || burst === undefined)
    throw new UsageError('--per-second and --burst belong together.', '--per-second 50 --burst 100');
  return { per_second: perSecond, burst };
};

const listOf = (words: string | undefined): string[] | undefined =>
  words === undefined ? undefined : words.split(',').filter((word) => word !== '');

/** What a key may do, and from where; the server says what it does not know. */
const bounds = {
  'expires-at': text('TIME', 'When it ends, as 2030-01-31T12:00:00Z; never when absent.'),
  'per-second': number('N', 'Requests a second.'),
  burst: number('N', 'Requests that may come at once.'),
  scopes: text('LIST', 'What it may do, of send, read and (for a workspace) manage; send,read when absent.'),
  networks: text('LIST', 'Where it may be used from, as 203.0.113.0/24,2001:db8::7; anywhere when absent.'),
} as const;

const scopesOf = (words: string | undefined) => listOf(words) as Key['scopes'] | undefined;

type Owner =
  | { readonly kind: 'channel'; readonly channel_id: string }
  | { readonly kind: 'workspace'; readonly workspace_id: string };

const ownerOf = (channel: string | undefined, workspace: string | undefined): Owner => {
  if (channel !== undefined && workspace === undefined) return { kind: 'channel', channel_id: channel };
  if (workspace !== undefined && channel === undefined) return { kind: 'workspace', workspace_id: workspace };
  throw new UsageError('Give either --channel or --workspace.', 'chatferry keys create --workspace wsp_01k8xample');
};

export const keyCommands: readonly Command[] = [
  command({
    name: 'keys create',
    summary: 'Make a key, or import one that is in use elsewhere.',
    description: 'A channel key sends from one channel, a workspace key from any channel of its workspace.',
    auth: 'admin',
    options: {
      channel: text('ID', 'The channel that the key sends from.'),
      workspace: text('ID', 'The workspace, for a key to all its channels.'),
      name: text('NAME', 'What you call it.'),
      ...bounds,
      secret: secret('The key to import; a new one is made when absent. Never asked for.'),
    },
    examples: [
      'keys create --workspace wsp_01k8xample --name Backend',
      'keys create --channel chn_01k8xample --secret-file ./key-of-the-old-system',
    ],
    async run({ values, connect }) {
      const owner = ownerOf(values.channel, values.workspace);
      const rest = {
        name: values.name,
        expires_at: values['expires-at'],
        limit: limitOf(values['per-second'], values.burst),
        scopes: scopesOf(values.scopes),
        networks: listOf(values.networks),
        secret: await values.secret.given(),
      };
      const key = await (await connect()).createKey({ ...owner, ...rest });
      const imported = rest.secret === undefined ? shownOnce(key.secret) : 'The given key works here now.';
      return { json: key, text: paragraphs(describe(key), imported) };
    },
  }),
  command({
    name: 'keys list',
    summary: 'List keys, those that no longer work too.',
    auth: 'admin',
    options: {
      workspace: text('ID', 'Only those of this workspace.'),
      channel: text('ID', 'Only those of this channel.'),
      state: choice(['live', 'retired', 'revoked', 'expired'], 'Only those in this state.'),
      ...pagingOptions,
    },
    examples: ['keys list --state live'],
    async run({ values, connect }) {
      const { workspace, channel, state, limit, cursor } = values;
      const client = await connect();
      const found = await client.listKeys({ workspace_id: workspace, channel_id: channel, state, limit, cursor });
      const rows = found.data.map((key) => [
        key.id,
        key.name,
        key.prefix,
        key.channel_id ?? key.workspace_id,
        key.state,
        endOf(key),
        time(key.last_used_at),
      ]);
      const lines = { headings: ['ID', 'NAME', 'BEGINS', 'OF', 'STATE', 'ENDS', 'LAST USED'], rows };
      return { json: found, text: page(lines, found.next_cursor, 'There are no such keys.') };
    },
  }),
  command({
    name: 'keys show',
    summary: 'Show a key: its beginning and its times, never the key itself.',
    argument: 'key',
    auth: 'admin',
    options: {},
    examples: ['keys show key_01k8xample'],
    async run({ subject, connect }) {
      const key = await (await connect()).getKey({ key_id: subject });
      return { json: key, text: describe(key) };
    },
  }),
  command({
    name: 'keys update',
    summary: 'Change what a key may do.',
    description: 'What is not given stays. In force within five seconds.',
    argument: 'key',
    auth: 'admin',
    options: {
      ...bounds,
      name: text('NAME', 'What you call it.'),
      anywhere: flag('Let it be used from anywhere.'),
      'never-expires': flag('Let it live on.'),
    },
    examples: ['keys update key_01k8xample --networks 203.0.113.0/24', 'keys update key_01k8xample --anywhere'],
    async run({ values, subject, connect }) {
      if (values.anywhere && values.networks !== undefined)
        throw new UsageError(
          'Give either --networks or --anywhere.',
          'chatferry keys update key_01k8xample --anywhere',
        );
      const key = await (await connect()).updateKey({
        key_id: subject,
        name: values.name,
        expires_at: values['never-expires'] ? null : values['expires-at'],
        limit: limitOf(values['per-second'], values.burst),
        scopes: scopesOf(values.scopes),
        networks: values.anywhere ? [] : listOf(values.networks),
      });
      return { json: key, text: describe(key) };
    },
  }),
  command({
    name: 'keys rotate',
    summary: 'Replace a key.',
    description: 'The old key works for the overlap, and then answers error 6 for ever.',
    argument: 'key',
    auth: 'admin',
    options: { 'overlap-seconds': number('N', 'How long the old key lives on: 0 to 2592000; a day when absent.') },
    examples: ['keys rotate key_01k8xample --overlap-seconds 3600'],
    async run({ values, subject, connect }) {
      const client = await connect();
      const key = await client.rotateKey({ key_id: subject, overlap_seconds: values['overlap-seconds'] });
      const old = `The old key (${key.replaces.id}, ${key.replaces.prefix}…) works until ${time(key.replaces.retires_at)}.`;
      return { json: key, text: paragraphs(describe(key), shownOnce(key.secret), old) };
    },
  }),
  command({
    name: 'keys revoke',
    summary: 'End a key at once.',
    description: 'It answers error 6 within five seconds, and for ever.',
    argument: 'key',
    auth: 'admin',
    options: {},
    examples: ['keys revoke key_01k8xample'],
    async run({ subject, connect }) {
      const key = await (await connect()).revokeKey({ key_id: subject });
      return { json: key, text: describe(key) };
    },
  }),
  command({
    name: 'keys delete',
    summary: 'Delete a key.',
    description: 'Afterwards it answers as one that never existed. To keep its callers informed, revoke it instead.',
    argument: 'key',
    auth: 'admin',
    options: { yes: flag('Do not ask.') },
    examples: ['keys delete key_01k8xample'],
    async run({ values, subject, connect, confirm }) {
      await confirm(`Delete the key ${subject}?`, values.yes);
      const json = await (await connect()).deleteKey({ key_id: subject });
      return { json, text: `Deleted ${subject}.` };
    },
  }),
];

import {
  apiKeyPrefix,
  defaultKeyScopes,
  drawApiKeySecret,
  formatApiKey,
  type Handlers,
  type Key,
  keyScopes,
  parseApiKey,
} from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { KeyRecord, NewKey } from '../../store/keys.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { pageOf } from '../page.ts';

export interface KeyDeps {
  readonly store: StoreSlice<{
    readonly keys: 'insert' | 'read' | 'list' | 'update' | 'retire' | 'revoke' | 'delete';
    readonly channels: 'read';
    readonly workspaces: 'read';
  }>;
  /** What is stored of a key instead of itself. */
  readonly digestOf: (secret: string) => Buffer;
  readonly clock: Clock;
  readonly random: Random;
  readonly defaultLimit: KeyRecord['limit'];
  readonly onChange: () => void;
}

export interface MintedKey {
  readonly record: KeyRecord;
  /** Shown once, kept nowhere. */
  readonly secret: string;
}

type KeyHandlers = Pick<
  Handlers<RequestContext>,
  'createKey' | 'listKeys' | 'getKey' | 'updateKey' | 'rotateKey' | 'revokeKey' | 'deleteKey'
>;

/** Makes a key, or takes over one that is in use elsewhere. */
export async function mintKey(
  deps: Pick<KeyDeps, 'store' | 'digestOf' | 'clock' | 'random'>,
  row: Omit<NewKey, 'id' | 'prefix' | 'digest'>,
  imported?: string,
): Promise<MintedKey> {
  if (imported !== undefined && parseApiKey(imported).kind === 'damaged') {
    throw unfit(
      '/secret',
      'secret begins like a key of Chatferry and is not a whole one: it would never be accepted. Copy it again, or leave it out to have a new one made.',
    );
  }
  const id = newId('key', deps.clock, deps.random);
  const secret =
    imported ??
    formatApiKey(
      id,
      drawApiKeySecret((length) => deps.random.bytes(length)),
    );
  const prefix = imported === undefined ? apiKeyPrefix(id) : `${imported.slice(0, 4)}…`;
  const { workspaceId, channelId, name, scopes, networks, limit, expiresAt } = row;
  const owned = { workspaceId, channelId, name, scopes, networks, limit, expiresAt };
  const record = await deps.store.keys.insert({ ...owned, id, prefix, digest: deps.digestOf(secret) });
  if (!record)
    throw unfit('/secret', 'secret must not be in use by another key here; revoke and delete that one first.');
  return { record, secret };
}

const showKey = (record: KeyRecord): Key => ({
  id: record.id,
  name: record.name,
  kind: record.channelId === null ? 'workspace' : 'channel',
  workspace_id: record.workspaceId,
  channel_id: record.channelId,
  prefix: record.prefix,
  state: record.state,
  created_at: record.createdAt.toISOString(),
  expires_at: record.expiresAt?.toISOString() ?? null,
  retires_at: record.retiresAt?.toISOString() ?? null,
  last_used_at: record.lastUsedAt?.toISOString() ?? null,
  last_used_from: record.lastUsedFrom,
  scopes: keyScopes.filter((scope) => record.scopes.includes(scope)),
  networks: [...record.networks],
  limit: { per_second: record.limit.perSecond, burst: record.limit.burst },
});

export function keyHandlers(deps: KeyDeps): KeyHandlers {
  const { store } = deps;

  const ownerOf = async (
    body:
      | { readonly kind: 'channel'; readonly channel_id: string }
      | { readonly kind: 'workspace'; readonly workspace_id: string },
  ): Promise<Pick<NewKey, 'workspaceId' | 'channelId'>> => {
    if (body.kind === 'channel') {
      const channel = await store.channels.read(body.channel_id);
      if (!channel)
        throw new ApiError('NOT_FOUND', { message: 'There is no such channel. GET /api/v1/channels lists them.' });
      return { workspaceId: channel.workspaceId, channelId: channel.id };
    }
    const workspace = await store.workspaces.read(body.workspace_id);
    if (!workspace)
      throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
    return { workspaceId: workspace.id, channelId: null };
  };

  return {
    async createKey(_context, { body }) {
      const { record, secret } = await mintKey(
        deps,
        {
          ...(await ownerOf(body)),
          name: body.name ?? (body.kind === 'channel' ? 'Channel key' : 'Workspace key'),
          scopes: scopesOf(body.kind, body.scopes ?? defaultKeyScopes),
          networks: body.networks ?? [],
          limit: limitOf(body.limit) ?? deps.defaultLimit,
          expiresAt: dateOf(body.expires_at) ?? null,
        },
        body.secret,
      );
      return { ...showKey(record), secret };
    },

    async listKeys(_context, { query }) {
      const records = await store.keys.list({ workspaceId: query.workspace_id, channelId: query.channel_id });
      return pageOf(
        records.filter((record) => query.state === undefined || record.state === query.state),
        query,
        showKey,
      );
    },

    async getKey(_context, { params }) {
      return showKey(found(await store.keys.read(params.key_id)));
    },

    async updateKey(_context, { params, body }) {
      if (body.scopes !== undefined) scopesOf(showKey(found(await store.keys.read(params.key_id))).kind, body.scopes);
      const record = found(
        await store.keys.update(params.key_id, {
          name: body.name,
          scopes: body.scopes,
          networks: body.networks,
          limit: limitOf(body.limit) ?? undefined,
          expiresAt: dateOf(body.expires_at),
        }),
      );
      deps.onChange();
      return showKey(record);
    },

    async rotateKey(_context, { params, body }) {
      const before = found(await store.keys.read(params.key_id));
      if (before.state !== 'live')
        throw unfit(
          '#/params/key_id',
          `Only a live key can be rotated; this one is ${before.state}. Create a new key instead.`,
        );
      const { record, secret } = await mintKey(deps, before);
      const retired = found(await store.keys.retire(before.id, body.overlap_seconds * 1_000));
      deps.onChange();
      return { ...showKey(record), secret, replaces: showKey(retired) };
    },

    async revokeKey(_context, { params }) {
      const record = found(await store.keys.revoke(params.key_id));
      deps.onChange();
      return showKey(record);
    },

    async deleteKey(_context, { params }) {
      if (!(await store.keys.delete(params.key_id))) found(null);
      deps.onChange();
      return undefined;
    },
  };
}

const dateOf = (text: string | null | undefined): Date | null | undefined =>
  typeof text === 'string' ? new Date(text) : text;

/** A key of a channel would manage nothing: what there is to manage belongs to the workspace. */
function scopesOf(kind: Key['kind'], scopes: readonly Key['scopes'][number][]): readonly Key['scopes'][number][] {
  const at = kind === 'channel' ? scopes.indexOf('manage') : -1;
  if (at !== -1)
    throw unfit(
      `/scopes/${at}`,
      'scopes must be without manage for the key of a channel; a key of the workspace may have it.',
    );
  return scopes;
}

const limitOf = (limit: Key['limit'] | undefined): KeyRecord['limit'] | null =>
  limit ? { perSecond: limit.per_second, burst: limit.burst } : null;

function found(record: KeyRecord | null): KeyRecord {
  if (!record) throw new ApiError('NOT_FOUND', { message: 'There is no such key. GET /api/v1/keys lists them.' });
  return record;
}

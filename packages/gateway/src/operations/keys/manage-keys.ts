import { apiKeyMode, type Input, type Key, type Output } from '@chatferry/contract';
import type { Grant } from '../../core/access/grant.ts';
import { grantOfKey } from '../../core/access/principal.ts';
import { invalidValue } from '../api-error.ts';
import { assertGrantChange, ownGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import type { KeyDeps } from './key-deps.ts';
import { assertScopesFit, expiryOf, limitOf } from './key-fields.ts';
import { mintKey } from './mint-key.ts';
import { assertKey, noSuchKey, showKey } from './show-key.ts';

export async function listKeys(
  { store }: KeyDeps,
  _context: RequestContext,
  { query }: Input<'listKeys'>,
): Promise<Output<'listKeys'>> {
  const records = await store.keys.list({ workspaceId: query.workspace_id, channelId: query.channel_id });
  const inState = records.filter(({ state }) => query.state === undefined || state === query.state);
  return cutPage(inState, query, showKey);
}

export async function getKey({ store }: KeyDeps, _context: RequestContext, { params }: Input<'getKey'>): Promise<Key> {
  return showKey(assertKey(await store.keys.read(params.key_id)));
}

export async function updateKey(
  { store, bounds, onChange }: KeyDeps,
  context: RequestContext,
  { params, body }: Input<'updateKey'>,
): Promise<Key> {
  const before = assertKey(await store.keys.read(params.key_id));
  if (body.scopes !== undefined) assertScopesFit(showKey(before).kind, body.scopes);
  assertGrantChange(ownGrant(context, bounds), grantOfKey(before), changeOf(body));
  const record = assertKey(
    await store.keys.update(params.key_id, {
      name: body.name,
      scopes: body.scopes,
      networks: body.networks,
      limit: limitOf(body.limit),
      expiresAt: expiryOf(body.expires_at),
    }),
  );
  onChange();
  return showKey(record);
}

function changeOf(body: Input<'updateKey'>['body']): Partial<Grant> {
  const limit = limitOf(body.limit);
  const expiresAt = expiryOf(body.expires_at);
  return {
    ...(body.scopes === undefined ? {} : { scopes: body.scopes }),
    ...(body.networks === undefined ? {} : { networks: body.networks }),
    ...(limit === undefined ? {} : { limit }),
    ...(expiresAt === undefined ? {} : { endsAtMs: expiresAt?.getTime() ?? null }),
  };
}

/** Makes a key that replaces another one. The other one remains valid for `overlap_seconds`. */
export async function rotateKey(
  deps: KeyDeps,
  context: RequestContext,
  { params, body }: Input<'rotateKey'>,
): Promise<Output<'rotateKey'>> {
  const before = assertKey(await deps.store.keys.read(params.key_id));
  if (before.state !== 'live') {
    throw invalidValue(
      '#/params/key_id',
      `Only a live key can be rotated; this one is ${before.state}. Create a new key instead.`,
    );
  }
  const { record, secret } = await mintKey(deps, ownGrant(context, null), {
    ...before,
    mode: apiKeyMode(before.prefix),
  });
  const retired = assertKey(await deps.store.keys.retire(before.id, body.overlap_seconds * 1_000));
  deps.onChange();
  return { ...showKey(record), secret, replaces: showKey(retired) };
}

export async function revokeKey(
  { store, onChange }: KeyDeps,
  _context: RequestContext,
  { params }: Input<'revokeKey'>,
): Promise<Key> {
  const record = assertKey(await store.keys.revoke(params.key_id));
  onChange();
  return showKey(record);
}

export async function deleteKey(
  { store, onChange }: KeyDeps,
  _context: RequestContext,
  { params }: Input<'deleteKey'>,
): Promise<undefined> {
  if (!(await store.keys.delete(params.key_id))) throw noSuchKey();
  onChange();
  return undefined;
}

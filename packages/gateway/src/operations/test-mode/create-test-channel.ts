import { type Input, type Output, testInboxKind } from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import { BoundSecret } from '../../ports/secret.ts';
import type { TestPhones } from '../../ports/test-phones.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import { type LimitBounds, ownGrant, usualKeyGrant } from '../assert-grant.ts';
import { sealToken, sealWebhookSecret } from '../channels/seal-channel.ts';
import type { RequestContext } from '../context.ts';
import { dateOf } from '../keys/key-fields.ts';
import { type MintKeyDeps, mintKey } from '../keys/mint-key.ts';
import { newId } from '../new-id.ts';
import { sealInbox } from '../workspaces/seal-inbox.ts';

export interface CreateTestChannelDeps extends MintKeyDeps {
  readonly store: MintKeyDeps['store'] & StoreSlice<{ readonly workspaces: 'insert'; readonly channels: 'insert' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: LimitBounds;
  readonly phones: Pick<TestPhones, 'newBot'>;
  readonly onChange: () => void;
}

/** Makes a workspace whose inbox is the log, a channel with simulated chats, and its key. Calls no provider. */
export async function createTestChannel(
  deps: CreateTestChannelDeps,
  context: RequestContext,
  { body }: Input<'createTestChannel'>,
): Promise<Output<'createTestChannel'>> {
  const workspaceId = await insertWorkspace(deps, body.name);
  const { id, name, bot } = await insertChannel(deps, workspaceId);
  const own = ownGrant(context, deps.bounds);
  const { scopes, networks, limit, endsAtMs } = usualKeyGrant(own, deps.bounds);
  const key = await mintKey(deps, own, {
    mode: 'test',
    workspaceId,
    channelId: id,
    name: `Key of ${name}`,
    scopes,
    networks,
    limit,
    expiresAt: dateOf(endsAtMs),
  });
  deps.onChange();
  return {
    id,
    workspace_id: workspaceId,
    name,
    bot: { id: bot.botId, username: bot.username },
    key: { id: key.record.id, secret: key.secret },
  };
}

const randomPath = (random: Random): string => random.bytes(24).toString('base64url');

async function insertWorkspace({ store, vault, clock, random }: CreateTestChannelDeps, name: string): Promise<string> {
  const id = newId('workspace', clock, random);
  const record = await store.workspaces.insert({
    id,
    name,
    inboxKind: testInboxKind,
    ...sealInbox(vault, id, { kind: testInboxKind }),
    defaultSender: null,
    inboxAccount: null,
    hookPath: randomPath(random),
  });
  if (record === null) throw new Error('a workspace of test mode has no account that another one could have');
  return id;
}

async function insertChannel(
  { store, vault, clock, random, phones }: CreateTestChannelDeps,
  workspaceId: string,
): Promise<ChannelRecord> {
  const { botId, username, name, apiRoot } = phones.newBot();
  const id = newId('channel', clock, random);
  const secret = (text: string) => new BoundSecret(text, [apiRoot]);
  const record = await store.channels.insert({
    id,
    workspaceId,
    name: `@${username}`,
    bot: { botId, username, name, supportsInlineQueries: true },
    token: sealToken(vault, id, secret(`${botId}:${random.bytes(24).toString('base64url')}`)),
    webhookSecret: sealWebhookSecret(vault, id, secret(randomPath(random))),
    hookPath: randomPath(random),
    updates: 'direct',
    apiRoot,
    fileRoot: apiRoot,
    inboxRef: {},
  });
  if (record === null) throw new Error(`two test bots have the id ${botId}`);
  return record;
}

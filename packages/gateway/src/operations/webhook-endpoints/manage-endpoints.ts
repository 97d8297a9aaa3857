import type { Input, Output, WebhookEndpoint } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { assertChannels, assertWebhookUrl } from './assert-endpoint-fields.ts';
import { assertEndpoint, findEndpoint, showCounted, showEndpoint } from './show-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

export async function listWebhookEndpoints(
  { store }: WebhookDeps,
  _context: RequestContext,
  { query }: Input<'listWebhookEndpoints'>,
): Promise<Output<'listWebhookEndpoints'>> {
  const records = await store.webhookEndpoints.list({ workspaceId: query.workspace_id });
  const page = cutPage(records, query, (record) => record);
  const counts = await store.webhookQueue.count(page.data.map(({ id }) => id));
  return { ...page, data: page.data.map((record) => showEndpoint(record, counts.get(record.id) ?? 0)) };
}

export async function getWebhookEndpoint(
  deps: WebhookDeps,
  _context: RequestContext,
  { params }: Input<'getWebhookEndpoint'>,
): Promise<WebhookEndpoint> {
  return showCounted(deps, await findEndpoint(deps, params.endpoint_id));
}

export async function updateWebhookEndpoint(
  deps: WebhookDeps,
  _context: RequestContext,
  { params, body }: Input<'updateWebhookEndpoint'>,
): Promise<WebhookEndpoint> {
  const { store } = deps;
  const id = params.endpoint_id;
  const before = await findEndpoint(deps, id);
  if (body.url !== undefined) await assertWebhookUrl(deps, body.url);
  await assertChannels(deps, before.workspaceId, body.channel_ids);
  if (body.skip_missed === true) {
    await store.webhookEndpoints.moveCursor(id, { cursor: await deps.lastEvent(), keptTo: '', isBack: false });
  }
  const record = assertEndpoint(
    await store.webhookEndpoints.update(id, {
      url: body.url,
      description: body.description,
      types: body.types,
      channelIds: body.channel_ids,
      enabled: body.enabled,
    }),
  );
  // What waited for the old address, or for the end of the pause, need not wait any longer.
  await store.webhookQueue.wake(id);
  deps.onDue();
  deps.onAlarm();
  return showCounted(deps, record);
}

export async function deleteWebhookEndpoint(
  deps: WebhookDeps,
  _context: RequestContext,
  { params }: Input<'deleteWebhookEndpoint'>,
): Promise<undefined> {
  await findEndpoint(deps, params.endpoint_id);
  await deps.store.webhookEndpoints.delete(params.endpoint_id);
  // The jobs find no endpoint, and end.
  await deps.store.webhookQueue.wake(params.endpoint_id);
  deps.onDue();
  deps.onAlarm();
  return undefined;
}

const secretBytes = 32;

export async function rotateWebhookSecret(
  deps: WebhookDeps,
  _context: RequestContext,
  { params, body }: Input<'rotateWebhookSecret'>,
): Promise<Output<'rotateWebhookSecret'>> {
  const { store, secrets, random } = deps;
  const { shown, sealed } = secrets.make(params.endpoint_id, random.bytes(secretBytes));
  const record = await store.webhookEndpoints.rotate(params.endpoint_id, sealed, body.overlap_seconds * 1_000);
  return { ...(await showCounted(deps, assertEndpoint(record))), secret: shown };
}

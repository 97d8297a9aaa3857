import type { Input, Output } from '@chatferry/contract';
import { ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { findWorkspace } from '../workspaces/find-workspace.ts';
import { assertChannels, assertWebhookUrl } from './assert-endpoint-fields.ts';
import { showEndpoint } from './show-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Of one workspace. Each one costs a request for every event. */
const endpointsMax = 100;
const secretBytes = 32;

export async function createWebhookEndpoint(
  deps: WebhookDeps,
  _context: RequestContext,
  { body }: Input<'createWebhookEndpoint'>,
): Promise<Output<'createWebhookEndpoint'>> {
  const { store, secrets, clock, random } = deps;
  const workspaceId = await workspaceOf(deps, body.workspace_id);
  await assertWebhookUrl(deps, body.url);
  await assertChannels(deps, workspaceId, body.channel_ids);
  if ((await store.webhookEndpoints.list({ workspaceId })).length >= endpointsMax) {
    throw invalidValue('/workspace_id', `The workspace has ${endpointsMax} webhook endpoints, which is the maximum.`);
  }
  const id = newId('webhookEndpoint', clock, random);
  const { shown, sealed } = secrets.make(id, random.bytes(secretBytes));
  const record = await store.webhookEndpoints.insert({
    id,
    workspaceId,
    url: body.url,
    description: body.description ?? '',
    types: body.types ?? null,
    channelIds: body.channel_ids ?? null,
    enabled: body.enabled ?? true,
    secret: sealed,
    cursor: await deps.lastEvent(),
  });
  deps.onDue();
  return { ...showEndpoint(record, 0), secret: shown };
}

/** The workspace that is named, or the only one. Throws NOT_FOUND, and ARGUMENT_MISSING if there are several. */
async function workspaceOf(deps: WebhookDeps, named: string | undefined): Promise<string> {
  if (named !== undefined) return (await findWorkspace(deps, named)).id;
  const workspaces = await deps.store.workspaces.list();
  const [only] = workspaces;
  if (only !== undefined && workspaces.length === 1) return only.id;
  const message = `workspace_id must be given: the credential has access to ${workspaces.length} workspaces.`;
  throw new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/workspace_id', message }] });
}

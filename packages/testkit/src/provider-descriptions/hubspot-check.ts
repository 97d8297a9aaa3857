import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '@chatferry/sandbox';
import { readJson } from './exchange-body.ts';
import { type OpenApi, type OpenApiDescription, openOpenApi } from './open-api.ts';
import { checkDescribedCall, type Described } from './open-api-check.ts';
import { type CheckedExchange, type ProviderCheck, violationsOf } from './provider-check.ts';
import { hubspotEventSource, hubspotEvents } from './webhook-descriptions.ts';

/** Paths that are part of HubSpot's product and not of its API. */
const otherPaths = /^\/(oauth\/authorize|file-contents\/|settings\/channels\/connect)/;
/** What in a path differs from call to call. */
const ids = /(?<=\/)([A-Z]-)?(\d{3,}|[0-9a-f]{24,})(?=\/|$)/g;
/** The APIs that the gateway calls, as folders of HubSpot's collection. */
const apiFolders = ['Auth/Oauth', 'CRM/Contacts', 'CRM/Crm Owners', 'CRM/Properties', 'Conversations', 'Files/Files'];
const messageSchema = 'PublicConversationsMessage';

/**
 * Compares calls of HubSpot's API and its events with HubSpot's own descriptions. They may not be distributed, so the
 * caller names the folder of a copy: of `PublicApiSpecs` in github.com/HubSpot/HubSpot-public-api-spec-collection.
 * Without one only the events are checked, and every call is skipped.
 */
export function createHubspotCheck(folder: string | undefined): ProviderCheck {
  const versions = folder === undefined ? [] : readDescriptions(folder);
  const events = openOpenApi({
    openapi: '3.0.1',
    info: { version: '' },
    paths: {},
    components: { schemas: hubspotEvents },
  });
  const describedFor = (exchange: Exchange): Described | undefined => {
    const { pathname } = new URL(exchange.path, 'http://provider');
    return versions.find(({ api }) => api.hasPath(pathname));
  };
  const messages = versions.find(({ api }) => api.hasSchema(messageSchema));
  return {
    async check(exchange) {
      if (exchange.kind === 'webhook') return checkEvent(events, messages, exchange);
      const path = exchange.path.split('?')[0] ?? '';
      if (otherPaths.test(exchange.path))
        return {
          operation: path.replace(/^(\/file-contents)\/.*/, '$1'),
          skipped: "not in HubSpot's descriptions",
          violations: [],
        };
      const described = describedFor(exchange);
      if (described) return checkDescribedCall('hubspot', described, exchange);
      const operation = `${exchange.method} ${path.replaceAll(ids, '…')}`;
      if (versions.length === 0)
        return { operation, skipped: 'no folder with its descriptions was given', violations: [] };
      const place = { provider: 'hubspot', part: 'request', operation, source: "HubSpot's descriptions" } as const;
      const problem = { at: '', rule: 'is of an API or a version that does not exist' };
      return { operation, violations: violationsOf(place, [problem]) };
    },
  };
}

/** Every version of every API that the gateway calls. */
function readDescriptions(folder: string): readonly Described[] {
  const root = existsSync(join(folder, 'PublicApiSpecs')) ? join(folder, 'PublicApiSpecs') : folder;
  const described = apiFolders.flatMap((api) => {
    const files = readdirSync(join(root, api), { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.json') && !file.includes('Collection'))
      .map((file) => join(api, file));
  });
  return described.flatMap((file) => {
    const description = JSON.parse(readFileSync(join(root, file), 'utf8')) as Partial<OpenApiDescription>;
    if (description.openapi === undefined || description.paths === undefined) return [];
    return [{ api: openOpenApi(description as OpenApiDescription), source: `HubSpot's description ${file}` }];
  });
}

function checkEvent(events: OpenApi, messages: Described | undefined, exchange: Exchange): CheckedExchange {
  const { value } = readJson(exchange.body);
  const { type = 'event', message } = (value ?? {}) as { readonly type?: string; readonly message?: unknown };
  const place = { provider: 'hubspot', part: 'webhook', operation: type } as const;
  const envelope = events.hasSchema(type) ? events.check(type, value) : [{ at: '/type', rule: 'is not an event' }];
  const inMessage = message === undefined || !messages ? [] : messages.api.check(messageSchema, message);
  return {
    operation: type,
    violations: [
      ...violationsOf({ ...place, source: hubspotEventSource }, envelope),
      ...violationsOf(
        { ...place, source: messages?.source ?? '' },
        inMessage.map(({ at, rule }) => ({ at: `/message${at}`, rule })),
      ),
    ],
  };
}

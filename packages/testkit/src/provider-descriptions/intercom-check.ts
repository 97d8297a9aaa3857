import { readFileSync } from 'node:fs';
import type { Exchange } from '@chatferry/sandbox';
import { readJson } from './exchange-body.ts';
import { type OpenApiDescription, openOpenApi } from './open-api.ts';
import { checkDescribedCall, type Described } from './open-api-check.ts';
import { type CheckedExchange, type ProviderCheck, violationsOf } from './provider-check.ts';
import { intercomItemSchema, intercomNotification, intercomNotificationSource } from './webhook-descriptions.ts';

const descriptionFile = new URL('../../descriptions/intercom-2.16/api.intercom.io.json', import.meta.url);
const region = /^\/(us|eu|au)(?=\/)/;

/** Paths that are part of Intercom's product and not of its REST API. */
const otherPaths = /^\/(auth\/eagle\/token|oauth|attachments\/)/;

/** Compares calls of Intercom's API and its notifications with its own description. */
export function createIntercomCheck(): ProviderCheck {
  const description = JSON.parse(readFileSync(descriptionFile, 'utf8')) as OpenApiDescription;
  const { version } = description.info;
  const described: Described = { api: openOpenApi(description), source: `Intercom's OpenAPI description ${version}` };
  const notification = openOpenApi({ ...description, components: { schemas: { notification: intercomNotification } } });
  return {
    async check(exchange) {
      if (exchange.kind === 'webhook') return checkNotification(described, notification, exchange);
      const path = exchange.path.replace(region, '');
      if (otherPaths.test(path))
        return {
          operation: path.replace(/^(\/attachments)\/.*|\?.*$/, '$1'),
          skipped: "not in Intercom's description",
          violations: [],
        };
      const checked = await checkDescribedCall('intercom', described, { ...exchange, path });
      const sent = exchange.headers['intercom-version'];
      if (sent === version) return checked;
      const place = {
        provider: 'intercom',
        part: 'request',
        operation: checked.operation,
        source: described.source,
      } as const;
      const problem = { at: 'Intercom-Version', rule: `${String(sent)} is not the version of the description` };
      return { ...checked, violations: [...checked.violations, ...violationsOf(place, [problem])] };
    },
  };
}

function checkNotification(
  { api, source }: Described,
  notification: Described['api'],
  exchange: Exchange,
): CheckedExchange {
  const { value } = readJson(exchange.body);
  const { topic = 'notification', data } = (value ?? {}) as { topic?: string; data?: { item?: unknown } };
  const place = { provider: 'intercom', part: 'webhook', operation: topic } as const;
  const envelope = notification.check('notification', value);
  const itemSchema = intercomItemSchema(topic);
  const item = itemSchema === undefined ? [] : api.check(itemSchema, data?.item);
  return {
    operation: topic,
    violations: [
      ...violationsOf({ ...place, source: intercomNotificationSource }, envelope),
      ...violationsOf(
        { ...place, source },
        item.map(({ at, rule }) => ({ at: `/data/item${at}`, rule })),
      ),
    ],
  };
}

import { isIP } from 'node:net';
import { badRequest, conflict, tooManyRequests } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { readParameters } from '../parameters.ts';
import type { TelegramState } from '../state.ts';
import { updateJson } from '../updates.ts';
import { type ParsedUrl, parseUrl } from '../url.ts';
import { openWebhook, type WebhookEvents } from '../webhook.ts';
import type { WebhookSettings } from '../webhook-settings.ts';
import type { Bot } from '../world.ts';
import type { Method, MethodResult } from './method.ts';

const certificateLimitBytes = 3 << 20;
const webhookPorts = new Set([443, 80, 88, 8443]);

export const setWebhook: Method = ({ state, bot, parameters }) => {
  const url = parameters.text('url');
  if (url === '') return removeWebhook(state, bot, parameters);
  const settings = readSettings(parameters, url);
  const current = bot.webhook;
  const isSame =
    current?.url === url &&
    current.maxConnections === settings.maxConnections &&
    current.secretToken === settings.secretToken &&
    current.ipAddress === settings.ipAddress &&
    settings.certificate === undefined &&
    !parameters.boolean('drop_pending_updates');
  if (isSame) {
    allowUpdates(bot, parameters);
    return { result: true, description: 'Webhook is already set' };
  }
  checkSetWebhookLimit(state, bot);
  const parsed = parseUrl(url, 'https');
  if (!parsed.ok) throw badRequest('Invalid webhook URL specified');
  const problem = addressProblem(state, parsed.value);
  if (problem !== undefined) throw badRequest(`bad webhook: ${problem}`);
  bot.polling.endForWebhook();
  bot.webhook?.close();
  if (parameters.boolean('drop_pending_updates')) bot.updates.clear();
  allowUpdates(bot, parameters);
  bot.lastError = undefined;
  bot.webhook = openWebhook({
    clock: state.context.clock,
    random: state.context.random,
    updates: bot.updates,
    settings,
    events: createWebhookEvents(state, bot),
    record: state.context.record,
  });
  state.publish('webhook.set', { bot_id: bot.id, url });
  return { result: true, description: 'Webhook was set' };
};

export const deleteWebhook: Method = ({ state, bot, parameters }) => removeWebhook(state, bot, parameters);

function removeWebhook(state: TelegramState, bot: Bot, parameters: Parameters): MethodResult {
  if (parameters.boolean('drop_pending_updates')) bot.updates.clear();
  if (!bot.webhook) return { result: true, description: 'Webhook is already deleted' };
  bot.webhook.close();
  bot.webhook = undefined;
  bot.lastError = undefined;
  state.publish('webhook.deleted', { bot_id: bot.id });
  return { result: true, description: 'Webhook was deleted' };
}

export const getWebhookInfo: Method = ({ bot }) => {
  const { webhook, lastError } = bot;
  const allowed = bot.updates.allowed();
  return {
    result: {
      url: webhook?.url ?? '',
      has_custom_certificate: webhook?.certificate !== undefined,
      pending_update_count: bot.updates.count(),
      ...(webhook ? { max_connections: webhook.maxConnections } : {}),
      ...(webhook && webhook.ipAddress !== '' ? { ip_address: webhook.ipAddress } : {}),
      ...(lastError ? { last_error_date: lastError.atS, last_error_message: lastError.message } : {}),
      ...(allowed.length > 0 ? { allowed_updates: allowed } : {}),
    },
  };
};

export const getUpdates: Method = async ({ bot, parameters }) => {
  if (bot.webhook) {
    const why = "Can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    return bot.polling.refuse(conflict(why));
  }
  allowUpdates(bot, parameters);
  const updates = await bot.polling.poll({
    offset: parameters.integer('offset', 0),
    limit: parameters.integer('limit', 100, 1, 100),
    timeoutS: parameters.integer('timeout', 0, 0),
  });
  return { result: updates.map(updateJson), planted: updates.some(({ planted }) => planted) };
};

function readSettings(parameters: Parameters, url: string): WebhookSettings {
  const secretToken = parameters.text('secret_token');
  if (secretToken.length > 256) throw badRequest('Secret token is too long');
  if (!/^[\w-]*$/.test(secretToken)) throw badRequest('Secret token contains unallowed characters');
  const certificate = parameters.file('certificate')?.bytes;
  if (certificate && certificate.length > certificateLimitBytes)
    throw badRequest(`certificate size is too big (${certificate.length} bytes)`);
  return {
    url,
    secretToken,
    maxConnections: parameters.integer('max_connections', 40, 1, 100),
    ipAddress: parameters.text('ip_address'),
    ...(certificate ? { certificate } : {}),
  };
}

/** Telegram: without the parameter the previous list stays valid; a value that is not a list is ignored. */
function allowUpdates(bot: Bot, parameters: Parameters): void {
  if (!parameters.has('allowed_updates')) return;
  const given = parameters.json('allowed_updates', "Can't parse allowed_updates JSON object");
  if (Array.isArray(given)) bot.updates.allow(given.filter((kind): kind is string => typeof kind === 'string'));
}

function addressProblem(state: TelegramState, url: ParsedUrl): string | undefined {
  const host = url.isIpv6 ? url.host.slice(1, -1) : url.host;
  const isLoopback = host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
  if (state.options.localMode || (isLoopback && (state.options.allowLoopbackWebhooks ?? true))) return undefined;
  if (url.protocol !== 'https') return 'An HTTPS URL must be provided for webhook';
  const port = url.specifiedPort === 0 ? 443 : url.specifiedPort;
  if (!webhookPorts.has(port)) return 'Webhook can be set up only on ports 80, 88, 443 or 8443';
  if (url.isIpv6) return 'IPv6-only addresses are not allowed';
  if (isIP(host) === 4 && isReserved(host)) return `IP address ${host} is reserved`;
  return host.includes('.') ? undefined : 'Failed to resolve host: Name or service not known';
}

const isReserved = (address: string): boolean =>
  /^(0|10|127|22[4-9]|23\d|24\d|25\d)\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^192\.168\.|^192\.0\.[02]\.|^198\.(1[89]|51)\.|^203\.0\.113\./.test(
    address,
  );

/** Telegram: one `setWebhook` per second and bot. */
function checkSetWebhookLimit(state: TelegramState, bot: Bot): void {
  if (state.options.limitSetWebhook !== true) return;
  const nowMs = state.context.clock.nowMs();
  if (nowMs < bot.nextSetWebhookMs) throw tooManyRequests(1);
  bot.nextSetWebhookMs = nowMs + 1000;
}

function createWebhookEvents(state: TelegramState, bot: Bot): WebhookEvents {
  return {
    delivered: (update, attempt) =>
      state.publish('webhook.delivered', {
        bot_id: bot.id,
        chat_id: update.chatId,
        update_id: update.updateId,
        kind: update.kind,
        attempt,
      }),
    failed(update, attempt, error, retryInMs) {
      bot.lastError = { atS: state.nowS(), message: error };
      const data = { bot_id: bot.id, chat_id: update.chatId, update_id: update.updateId, kind: update.kind };
      state.publish('webhook.failed', { ...data, attempt, error, retry_in_ms: retryInMs });
    },
    answered(contentType, body) {
      if (body.length === 0) return;
      const parameters = readParameters('', contentType, body);
      const method = parameters.text('method').toLowerCase();
      if (/^$|^(deletewebhook|setwebhook|close|logout)$|^get/.test(method)) return;
      state.runWebhookReply(bot, method, parameters);
    },
    removed() {
      bot.webhook?.close();
      bot.webhook = undefined;
      state.publish('webhook.deleted', { bot_id: bot.id });
    },
  };
}

import type { Clock } from '../../ports/clock.ts';
import type { Grant } from '../../ports/grant.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { Secret } from '../../ports/secret.ts';
import { createAccountGate } from '../account-gate.ts';
import type { Transport } from '../http/transport.ts';
import { at, type Reply, readReply, textAt } from '../json-answer.ts';
import { type Asked, classify, classifyRefresh, type HubspotOutcome, limitOf } from './classify.ts';
import { createKnownSecrets } from './known-secrets.ts';
import type { HubspotCredential, HubspotSettings } from './settings.ts';
import { type AccessToken, createTokens } from './tokens.ts';

const limitMs = 20_000;
/** Files take longer: the slowest way out that we wait for. */
const bytesPerMs = 250;
const maxResponseBytes = 8 * 1024 * 1024;

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT';

/** A body that is encoded already; JSON everywhere but for files. */
export interface Payload {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface HubspotClient {
  /** As the portal. A 401 is followed by one refresh and one more call: HubSpot carries out nothing that it answers 401. */
  call(method: Method, path: string, body: object | null, asked: Asked): Promise<HubspotOutcome>;
  /** `call` for a body that is no JSON. */
  upload(path: string, payload: Payload, asked: Asked): Promise<HubspotOutcome>;
  /** As the developer of the app, who alone registers channels. */
  callAsDeveloper(method: Method, path: string, body: object | null, asked: Asked): Promise<HubspotOutcome>;
  /** The portal that the grant opens, as HubSpot says now; null where it does not say. */
  portal(): Promise<InboxOutcome<string | null>>;
}

export function createClient(options: {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly settings: HubspotSettings;
  readonly credential: HubspotCredential;
  readonly grant: Grant;
}): HubspotClient {
  const { transport, settings, credential } = options;
  const developerKey = credential.developer_api_key;
  const secrets = createKnownSecrets(credential);

  const gate = createAccountGate(options.clock);

  const send = (
    method: Method,
    path: string,
    headers: Readonly<Record<string, string>>,
    payload: Payload | null,
  ): Promise<Reply> => {
    const ask = async () =>
      readReply(
        await transport.call({
          url: `${settings.base_url}${path}`,
          method,
          headers: { accept: 'application/json', ...typeOf(payload), ...headers },
          ...(payload === null ? {} : { body: payload.bytes }),
          limitMs: limitMs + Math.ceil((payload?.bytes.length ?? 0) / bytesPerMs),
          maxResponseBytes,
        }),
      );
    return gate.pass(ask, limitOf);
  };

  const tokens = createTokens({
    clock: options.clock,
    grant: options.grant,
    async exchange(refreshToken) {
      // HubSpot: a JSON body gets 415 here.
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: settings.client_id,
        client_secret: credential.client_secret.reveal(),
        refresh_token: refreshToken.reveal(),
      });
      const path = `/oauth/${settings.api_version}/token`;
      const outcome = secrets.conceal(classifyRefresh(await send('POST', path, {}, formPayload(form))));
      if (outcome.kind === 'ok') secrets.learn(outcome.value);
      return outcome;
    },
  });

  const callOnce = async (
    access: AccessToken,
    method: Method,
    path: string,
    payload: Payload | null,
    asked: Asked,
  ): Promise<{ readonly outcome: HubspotOutcome; readonly unauthorized: boolean }> => {
    secrets.learn({ access_token: access.token.reveal() });
    const authorization = `Bearer ${access.token.reveal()}`;
    const reply = await send(method, path, { authorization }, payload);
    return {
      outcome: secrets.conceal(classify(reply, asked)),
      unauthorized: reply.kind === 'answered' && reply.status === 401,
    };
  };

  const callAsPortal = async (
    method: Method,
    path: string,
    payload: Payload | null,
    asked: Asked,
  ): Promise<HubspotOutcome> => {
    const first = await tokens.current();
    if (first.kind !== 'ok') return refusal(first);
    const { outcome, unauthorized } = await callOnce(first.value, method, path, payload, asked);
    if (!unauthorized) return outcome;
    tokens.discard(first.value.token);
    const second = await tokens.current();
    if (second.kind !== 'ok') return refusal(second);
    return (await callOnce(second.value, method, path, payload, asked)).outcome;
  };

  /** HubSpot: introspection tells whether a token still counts, and of which portal it is. */
  const introspect = async (token: Secret): Promise<HubspotOutcome> => {
    const form = new URLSearchParams({
      client_id: settings.client_id,
      client_secret: credential.client_secret.reveal(),
      token: token.reveal(),
      token_type_hint: 'access_token',
    });
    const path = `/oauth/${settings.api_version}/token/introspect`;
    const reply = await send('POST', path, {}, formPayload(form));
    return secrets.conceal(classify(reply, { effect: 'reads', about: 'account' }));
  };

  const portal = async (isAgain: boolean): Promise<InboxOutcome<string | null>> => {
    const access = await tokens.current();
    if (access.kind !== 'ok') return access;
    const told = await introspect(access.value.token);
    if (told.kind === 'deferred') return told;
    if (told.kind === 'ok' && at(told.value, 'active') === false && !isAgain) {
      tokens.discard(access.value.token);
      return portal(true);
    }
    return { kind: 'ok', value: (told.kind === 'ok' ? textAt(told.value, 'hub_id') : null) ?? access.value.portalId };
  };

  return {
    portal: () => portal(false),
    call: (method, path, body, asked) => callAsPortal(method, path, json(body), asked),
    upload: (path, payload, asked) => callAsPortal('POST', path, payload, asked),
    async callAsDeveloper(method, path, body, asked) {
      if (developerKey === undefined || settings.app_id === undefined) {
        const detail = 'set `channel_id`, or `app_id` and `developer_api_key` so that the channel can be registered';
        return { kind: 'rejected', status: 0, message: detail, detail };
      }
      const query = new URLSearchParams({ hapikey: developerKey.reveal(), appId: settings.app_id });
      const outcome = secrets.conceal(classify(await send(method, `${path}?${query}`, {}, json(body)), asked));
      // The developer's key is not the portal's credential: a person must look, and the rest goes on.
      return outcome.kind === 'broken'
        ? { kind: 'rejected', status: 401, message: outcome.detail, detail: outcome.detail }
        : outcome;
    },
  };
}

const formPayload = (form: URLSearchParams): Payload => ({
  contentType: 'application/x-www-form-urlencoded',
  bytes: Buffer.from(form.toString()),
});

const typeOf = (payload: Payload | null): Readonly<Record<string, string>> =>
  payload === null ? {} : { 'content-type': payload.contentType };

const json = (body: object | null): Payload | null =>
  body === null ? null : { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };

const refusal = (outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): HubspotOutcome =>
  outcome.kind === 'rejected' ? { ...outcome, status: 0, message: outcome.detail } : outcome;

import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { Transport } from '../http/transport.ts';
import { type Reply, readReply } from '../json-answer.ts';
import { type Asked, classify, classifyRefresh, type HubspotOutcome } from './classify.ts';
import { createKnownSecrets } from './known-secrets.ts';
import type { HubspotCredential, HubspotSettings } from './settings.ts';
import { type AccessToken, createTokens } from './tokens.ts';

const limitMs = 20_000;
const maxResponseBytes = 8 * 1024 * 1024;

type Method = 'GET' | 'POST' | 'PATCH';

export interface HubspotClient {
  /** As the portal. A 401 is followed by one refresh and one more call: HubSpot carries out nothing that it answers 401. */
  call(method: Method, path: string, body: object | null, asked: Asked): Promise<HubspotOutcome>;
  /** As the developer of the app, who alone registers channels. */
  callAsDeveloper(method: Method, path: string, body: object | null, asked: Asked): Promise<HubspotOutcome>;
  /** The access token's portal, or why there is none. */
  portal(): Promise<InboxOutcome<AccessToken>>;
}

export function createClient(options: {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly settings: HubspotSettings;
  readonly credential: HubspotCredential;
  readonly onCredentialChanged: (credential: HubspotCredential) => Promise<void>;
}): HubspotClient {
  const { transport, settings, credential } = options;
  const developerKey = credential.developer_api_key;
  const secrets = createKnownSecrets(credential);

  const send = async (
    method: Method,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer | null,
  ): Promise<Reply> =>
    readReply(
      await transport.call({
        url: `${settings.base_url}${path}`,
        method,
        headers: { accept: 'application/json', ...headers },
        ...(body === null ? {} : { body }),
        limitMs,
        maxResponseBytes,
      }),
    );

  const sendJson = (method: Method, path: string, headers: Readonly<Record<string, string>>, body: object | null) =>
    body === null
      ? send(method, path, headers, null)
      : send(method, path, { ...headers, 'content-type': 'application/json' }, Buffer.from(JSON.stringify(body)));

  const tokens = createTokens({
    clock: options.clock,
    refreshToken: credential.refresh_token,
    async exchange(refreshToken) {
      // HubSpot: a JSON body gets 415 here.
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: settings.client_id,
        client_secret: credential.client_secret.reveal(),
        refresh_token: refreshToken.reveal(),
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const path = `/oauth/${settings.api_version}/token`;
      const outcome = secrets.conceal(classifyRefresh(await send('POST', path, headers, Buffer.from(form.toString()))));
      if (outcome.kind === 'ok') secrets.learn(outcome.value);
      return outcome;
    },
    onRotated: (refreshToken) => options.onCredentialChanged({ ...credential, refresh_token: refreshToken }),
  });

  const callOnce = async (
    access: AccessToken,
    method: Method,
    path: string,
    body: object | null,
    asked: Asked,
  ): Promise<{ readonly outcome: HubspotOutcome; readonly unauthorized: boolean }> => {
    const authorization = `Bearer ${access.token.reveal()}`;
    const reply = await sendJson(method, path, { authorization }, body);
    return {
      outcome: secrets.conceal(classify(reply, asked)),
      unauthorized: reply.kind === 'answered' && reply.status === 401,
    };
  };

  return {
    portal: () => tokens.current(),
    async call(method, path, body, asked) {
      const first = await tokens.current();
      if (first.kind !== 'ok') return refusal(first);
      const { outcome, unauthorized } = await callOnce(first.value, method, path, body, asked);
      if (!unauthorized) return outcome;
      tokens.discard(first.value.token);
      const second = await tokens.current();
      if (second.kind !== 'ok') return refusal(second);
      return (await callOnce(second.value, method, path, body, asked)).outcome;
    },
    async callAsDeveloper(method, path, body, asked) {
      if (developerKey === undefined || settings.app_id === undefined) {
        const detail = 'set `channel_id`, or `app_id` and `developer_api_key` so that the channel can be registered';
        return { kind: 'rejected', status: 0, message: detail, detail };
      }
      const query = new URLSearchParams({ hapikey: developerKey.reveal(), appId: settings.app_id });
      const outcome = secrets.conceal(classify(await sendJson(method, `${path}?${query}`, {}, body), asked));
      // The developer's key is not the portal's credential: a person must look, and the rest goes on.
      return outcome.kind === 'broken'
        ? { kind: 'rejected', status: 401, message: outcome.detail, detail: outcome.detail }
        : outcome;
    },
  };
}

const refusal = (outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): HubspotOutcome =>
  outcome.kind === 'rejected' ? { ...outcome, status: 0, message: outcome.detail } : outcome;

import type { Clock } from '../../ports/clock.ts';
import type { Grant } from '../../ports/grant.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import { type BoundSecret, revealTo } from '../../ports/secret.ts';
import { type AccountGate, createAccountGate } from '../account-gate.ts';
import type { Transport } from '../http/transport.ts';
import type { InboxOptions } from '../inbox-adapter.ts';
import { type Reply, readReply, textAt, valueAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { type Asked, classify, classifyRefresh, type HubspotOutcome, limitOf, unknownPath } from './classify.ts';
import { createKnownSecrets, type KnownSecrets } from './known-secrets.ts';
import type { HubspotCredential, HubspotSettings } from './settings.ts';
import { type AccessToken, createTokens, type Tokens } from './tokens.ts';

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
  /** The portal that the grant opens, as HubSpot says now; null if it does not say. */
  portal(): Promise<InboxOutcome<string | null>>;
}

export interface ClientOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly settings: HubspotSettings;
  readonly credential: HubspotCredential;
  readonly grant: Grant;
  readonly onAnswer?: InboxOptions['onAnswer'];
}

/** What of a request carries secrets. */
interface Filled {
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload: Payload | null;
}

/** One HTTP call to HubSpot. The secrets in it are revealed for the address that is called, and for no other. */
type Send = (method: Method, path: string, fill: (reveal: (secret: BoundSecret) => string) => Filled) => Promise<Reply>;

interface ClientDeps extends Pick<ClientOptions, 'settings' | 'credential'> {
  readonly send: Send;
  readonly secrets: KnownSecrets;
}

interface PortalDeps extends ClientDeps {
  readonly tokens: Tokens;
}

export function createClient({
  transport,
  clock,
  grant,
  settings,
  credential,
  onAnswer,
}: ClientOptions): HubspotClient {
  const send = createSend(transport, settings.base_url, createAccountGate(clock, onAnswer));
  const own: ClientDeps = { settings, credential, send, secrets: createKnownSecrets(credential) };
  const tokens = createTokens({ clock, grant, exchange: (refreshToken) => exchange(own, refreshToken) });
  const deps: PortalDeps = { ...own, tokens };
  return {
    portal: () => readPortal(deps),
    call: (method, path, body, asked) => callAsPortal(deps, { method, path, payload: jsonPayload(body) }, asked),
    upload: (path, payload, asked) => callAsPortal(deps, { method: 'POST', path, payload }, asked),
    callAsDeveloper: (method, path, body, asked) =>
      callAsDeveloper(own, { method, path, payload: jsonPayload(body) }, asked),
  };
}

const createSend =
  (transport: Pick<Transport, 'call'>, baseUrl: string, gate: AccountGate, party = {}): Send =>
  async (method, path, fill) => {
    const url = `${baseUrl}${path}`;
    const filled = revealTo(url, fill);
    if (filled.kind === 'withheld') return filled;
    const { query, headers, payload } = filled.value;
    const ask = async () =>
      readReply(
        await transport.call({
          url: query === undefined ? url : `${url}?${query}`,
          method,
          headers: { accept: 'application/json', ...typeOf(payload), ...headers },
          ...(payload === null ? {} : { body: payload.bytes }),
          limitMs: limitMs + Math.ceil((payload?.bytes.length ?? 0) / bytesPerMs),
          maxResponseBytes,
          party,
        }),
      );
    return gate.pass(ask, limitOf);
  };

async function exchange(
  { settings, credential, send, secrets }: ClientDeps,
  refreshToken: BoundSecret,
): Promise<HubspotOutcome> {
  const { path } = apis.oauth;
  // HubSpot: a JSON body gets 415 here.
  const reply = await send('POST', path, (reveal) => ({
    payload: formPayload({
      grant_type: 'refresh_token',
      client_id: settings.client_id,
      client_secret: reveal(credential.client_secret),
      refresh_token: reveal(refreshToken),
    }),
  }));
  const outcome = secrets.conceal(classifyRefresh(reply, path));
  if (outcome.kind === 'ok') {
    const given = (name: string): BoundSecret | null => {
      const text = textAt(outcome.value, name);
      return text === null ? null : refreshToken.sibling(text);
    };
    secrets.add({ refresh_token: given('refresh_token'), access_token: given('access_token') });
  }
  return outcome;
}

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly payload: Payload | null;
}

async function callAsPortal(deps: PortalDeps, call: Call, asked: Asked): Promise<HubspotOutcome> {
  const outcome = await callWithToken(deps, call, asked);
  return outcome.kind === 'gone' ? confirmGone(deps, outcome, call.path) : outcome;
}

/** A version that HubSpot stopped serving could be answered in the same words as a missing object: asks for another one. */
async function confirmGone(
  deps: PortalDeps,
  gone: Extract<HubspotOutcome, { kind: 'gone' }>,
  path: string,
): Promise<HubspotOutcome> {
  const list = gone.what === 'contact' ? apis.contacts.path : `${apis.conversations.path}/threads`;
  const call = { method: 'GET', path: `${list}?limit=1`, payload: null } as const;
  const listed = await callWithToken(deps, call, { effect: 'reads', about: 'account' });
  if (listed.kind === 'rejected') return listed.status === 404 ? unknownPath(path, gone.detail) : gone;
  return listed.kind === 'ok' ? gone : listed;
}

async function callWithToken(deps: PortalDeps, call: Call, asked: Asked): Promise<HubspotOutcome> {
  const { tokens } = deps;
  const first = await tokens.current();
  if (first.kind !== 'ok') return refusalOf(first);
  const { outcome, unauthorized } = await callOnce(deps, first.value, call, asked);
  if (!unauthorized) return outcome;
  tokens.discard(first.value.token);
  const second = await tokens.current();
  if (second.kind !== 'ok') return refusalOf(second);
  return (await callOnce(deps, second.value, call, asked)).outcome;
}

async function callOnce(
  { send, secrets }: ClientDeps,
  access: AccessToken,
  { method, path, payload }: Call,
  asked: Asked,
): Promise<{ readonly outcome: HubspotOutcome; readonly unauthorized: boolean }> {
  secrets.add({ access_token: access.token });
  const reply = await send(method, path, (reveal) => ({
    headers: { authorization: `Bearer ${reveal(access.token)}` },
    payload,
  }));
  return {
    outcome: secrets.conceal(classify(reply, asked, path)),
    unauthorized: reply.kind === 'answered' && reply.status === 401,
  };
}

async function callAsDeveloper(
  { settings, credential, send, secrets }: ClientDeps,
  { method, path, payload }: Call,
  asked: Asked,
): Promise<HubspotOutcome> {
  const developerKey = credential.developer_api_key;
  if (developerKey === undefined || settings.app_id === undefined) {
    const detail = 'set `channel_id`, or `app_id` and `developer_api_key` so that the channel can be registered';
    return { kind: 'rejected', status: 0, message: detail, detail };
  }
  const appId = settings.app_id;
  const reply = await send(method, path, (reveal) => ({
    query: new URLSearchParams({ hapikey: reveal(developerKey), appId }),
    payload,
  }));
  const outcome = secrets.conceal(classify(reply, asked, path));
  // The developer's key is not the portal's credential: a person must look at it, and everything else still works.
  return outcome.kind === 'broken'
    ? { kind: 'rejected', status: 401, message: outcome.detail, detail: outcome.detail }
    : outcome;
}

async function readPortal(deps: PortalDeps, isAgain = false): Promise<InboxOutcome<string | null>> {
  const { tokens } = deps;
  const access = await tokens.current();
  if (access.kind !== 'ok') return access;
  const facts = await introspect(deps, access.value.token);
  if (facts.kind === 'deferred') return facts;
  if (facts.kind === 'ok' && valueAt(facts.value, 'active') === false && !isAgain) {
    tokens.discard(access.value.token);
    return readPortal(deps, true);
  }
  return { kind: 'ok', value: (facts.kind === 'ok' ? textAt(facts.value, 'hub_id') : null) ?? access.value.portalId };
}

/** HubSpot: introspection says whether a token is still active, and for which portal. */
async function introspect(
  { settings, credential, send, secrets }: ClientDeps,
  token: BoundSecret,
): Promise<HubspotOutcome> {
  const path = `${apis.oauth.path}/introspect`;
  const reply = await send('POST', path, (reveal) => ({
    payload: formPayload({
      client_id: settings.client_id,
      client_secret: reveal(credential.client_secret),
      token: reveal(token),
      token_type_hint: 'access_token',
    }),
  }));
  return secrets.conceal(classify(reply, { effect: 'reads', about: 'account' }, path));
}
const formPayload = (form: Readonly<Record<string, string>>): Payload => ({
  contentType: 'application/x-www-form-urlencoded',
  bytes: Buffer.from(new URLSearchParams(form).toString()),
});

const typeOf = (payload: Payload | null): Readonly<Record<string, string>> =>
  payload === null ? {} : { 'content-type': payload.contentType };

const jsonPayload = (body: object | null): Payload | null =>
  body === null ? null : { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };

const refusalOf = (outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>): HubspotOutcome =>
  outcome.kind === 'rejected' ? { ...outcome, status: 0, message: outcome.detail } : outcome;

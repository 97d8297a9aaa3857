import { addressFieldsOf, type OperationSpec, operations } from '@chatferry/contract';
import { scopes as hubspotScopes } from '@chatferry/gateway/internal/adapters/hubspot/scopes';
import { formsOf, startCanaryServer } from '@chatferry/testkit/http/canary-server';
import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import { cookieOf, password, sameOrigin } from '@chatferry/testkit/rigs/people-rig';
import { aSend, type ConnectedBot, connectBot, newCustomer, send } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { bodiesOf, withUrls, withValueAt } from './request-samples.ts';

// Hundreds of requests are made in each of these tests.
vi.setConfig({ testTimeout: 120_000 });

const canary = await startCanaryServer(hubspotScopes);
afterAll(() => canary.close());

/** The app of the operator, whose secrets are in the settings. */
const operatorsApp = {
  clientId: 'client-id-of-the-operator',
  secret: 'client+secret/of=the operator'.replaceAll(' ', '-'),
  developerKey: 'developer-api-key-of-the-operator',
  intercomSecret: 'intercom-client-secret-of-the-operator',
};

const rig = await startPublicRig({
  CHATFERRY_HUBSPOT_CLIENT_ID: operatorsApp.clientId,
  CHATFERRY_HUBSPOT_CLIENT_SECRET: operatorsApp.secret,
  CHATFERRY_HUBSPOT_DEVELOPER_API_KEY: operatorsApp.developerKey,
  CHATFERRY_HUBSPOT_APP_ID: '4242',
  CHATFERRY_INTERCOM_CLIENT_ID: operatorsApp.clientId,
  CHATFERRY_INTERCOM_CLIENT_SECRET: operatorsApp.intercomSecret,
  // What reaches the canary is decided by the secrets, not by the address.
  CHATFERRY_ALLOWED_PRIVATE_ORIGINS: canary.url,
  CHATFERRY_WATCH_EVERY_SECONDS: '1',
  CHATFERRY_RECONCILE_EVERY_SECONDS: '1',
  CHATFERRY_KEY_RATE_PER_SECOND: '100000',
  CHATFERRY_KEY_RATE_BURST: '1000000',
});
const { telegram, intercom } = rig.sandbox;

interface Tenant {
  readonly bot: ConnectedBot;
  readonly hubspot: { readonly workspaceId: string; readonly channelId: string; readonly portalId: string };
  readonly manageKey: string;
}

let attacker: Tenant;
let victim: Tenant;
/** Every secret that the gateway knows and that no request of this file carries. */
const guarded = new Map<string, string>();

/** Who calls, with the headers that prove it. */
interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it decides for the whole installation. */
  readonly isOperator: boolean;
}

let callers: readonly Caller[] = [];

async function newTenant(name: string): Promise<Tenant> {
  const bot = await connectBot(rig, { accepts_any_chat: true });
  const hubspot = await connectHubspotBot(rig);
  const body = { kind: 'workspace', workspace_id: bot.workspaceId, scopes: ['send', 'read', 'manage'] };
  const manageKey = (await rig.admin('/api/v1/keys', { body })).body.secret;
  guarded.set(bot.token, `bot token of ${name}`).set(hubspot.token, `second bot token of ${name}`);
  guarded.set(bot.intercomToken, `Intercom token of ${name}`).set(bot.key, `send key of ${name}`);
  guarded.set(manageKey, `manage key of ${name}`);
  return { bot, hubspot, manageKey };
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

async function tokenOf(role: string, workspaces: readonly string[] | null): Promise<Caller> {
  const { status, body } = await rig.admin('/api/v1/tokens', { body: { name: role, role, workspaces } });
  expect([role, status]).toEqual([role, 201]);
  guarded.set(body.secret, `token of a ${role}`);
  const name =
    workspaces === null ? `a script with the role ${role}` : `a script with the role ${role} in one workspace`;
  return { name, headers: bearer(body.secret), isOperator: workspaces === null && role !== 'member' };
}

async function personOf(role: string, workspaces: readonly string[] | null): Promise<Caller> {
  const email = `${role}-${workspaces === null ? 'all' : 'one'}@acme.test`;
  const invited = await rig.admin('/api/v1/people', { body: { email, name: role, role, workspaces } });
  const claimed = await rig.call('/api/v1/claim', { body: { token: invited.body.invitation, password } });
  const name =
    workspaces === null ? `a person with the role ${role}` : `a person with the role ${role} in one workspace`;
  return { name, headers: { cookie: cookieOf(claimed), ...sameOrigin }, isOperator: workspaces === null };
}

beforeAll(async () => {
  attacker = await newTenant('the attacker');
  victim = await newTenant('the victim');
  for (const [name, secret] of Object.entries(operatorsApp)) {
    if (name !== 'clientId') guarded.set(secret, `${name} of the settings`);
  }
  const { bot, hubspot, manageKey } = attacker;
  const own = [bot.workspaceId, hubspot.workspaceId];
  const operator = { authorization: 'Bearer admin-token-of-the-tests' };
  guarded.set('admin-token-of-the-tests', 'the administrator’s token');
  callers = [
    { name: 'the operator', headers: operator, isOperator: true },
    await tokenOf('owner', null),
    await personOf('admin', null),
    await tokenOf('admin', own),
    await personOf('owner', own),
    await tokenOf('member', null),
    { name: 'a workspace key that may manage', headers: bearer(manageKey), isOperator: false },
    { name: 'a channel key', headers: bearer(bot.key), isOperator: false },
    { name: 'nobody', headers: {}, isOperator: false },
  ];
  canary.claim({
    portalId: victim.hubspot.portalId,
    appId: '4242',
    intercomId: victim.bot.intercomId,
    botId: victim.bot.botId,
  });
});

/** Every guarded secret that the canary heard, in any form. */
function leaks(): readonly string[] {
  const heard = canary.heard().join('\n');
  return [...guarded].flatMap(([secret, name]) => (formsOf(secret).some((form) => heard.includes(form)) ? [name] : []));
}

/** Every text in every request of this file. */
const given = new Set<string>(['code-of-the-attacker']);

const rememberTexts = (value: unknown): void => {
  if (typeof value === 'string') given.add(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(rememberTexts);
};

/** The credentials in what the canary heard that no request of this file gave, and that it did not grant itself. */
function strangers(): readonly string[] {
  const credential = /(?:Bearer |hapikey=|client_secret=|refresh_token=|[?&\n]code=|[?&\n]token=|\/bot)([^&\s/]+)/g;
  return canary
    .heard()
    .flatMap((request) => [...request.matchAll(credential)].map(([, value = '']) => decodeURIComponent(value)))
    .filter((value) => !given.has(value) && !/^(?:granted|refreshed)-by-the-canary$/.test(value));
}

const expectSilence = (what: string) => expect([what, leaks(), strangers()]).toEqual([what, [], []]);

const specs: readonly OperationSpec[] = Object.values(operations);

const textOf = (name: string): string =>
  ({
    bot_token: '7999999999:given-given-given-given-given-given',
    access_token: 'given-access-token',
    client_secret: 'given-client-secret',
    refresh_token: 'given-refresh-token',
    developer_api_key: 'given-developer-key',
    client_id: operatorsApp.clientId,
    app_id: '4242',
    workspace_id: '{workspace_id}',
    channel_id: '1',
  })[name] ?? 'word';

/** The addresses under which a caller might reach the canary. */
const disguises = (url: string): readonly string[] => {
  const { host } = new URL(url);
  return [
    `${url}/x`,
    `HTTP://${host}`,
    `http://operator@${host}`,
    `http://${host}\\@api.telegram.org`,
    `${url}/{region}`,
  ];
};

/** Bodies of an operation that name the canary in every field for an address: in the examples, and in every shape of the schema. */
function hostileBodies(spec: OperationSpec, url: string, shapes: 'every shape' | 'examples'): readonly unknown[] {
  const examples = Object.values(spec.examples ?? {}).map(({ value }) => value);
  const paths = spec.body === undefined ? [] : addressFieldsOf(spec.body);
  const bases = [...examples, ...(paths.length === 0 || shapes === 'examples' ? [] : bodiesOf(spec, textOf))];
  const inPaths = bases.flatMap((base) => [
    ...paths.map((path) => withValueAt(base, path, url)),
    paths.reduce<unknown>((body, path) => withValueAt(body, path, url), base),
  ]);
  const all = [...examples.map((example) => withUrls(example, url)), ...inPaths];
  return [...new Map(all.map((body) => [JSON.stringify(body), body])).values()];
}

type Ids = Readonly<Record<string, string>>;

const fillIds = (text: string, ids: Ids): string =>
  text.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => ids[name] ?? whole);

/** Ids for the operation's path and body: of the caller's own objects, or of the victim's. */
const targetsOf = ({ bot, hubspot }: Tenant): readonly Ids[] => [
  { workspace_id: bot.workspaceId, channel_id: bot.channelId },
  { workspace_id: hubspot.workspaceId, channel_id: hubspot.channelId },
];

const begun: string[] = [];

async function attack(spec: OperationSpec, caller: Caller, ids: Ids, body: unknown): Promise<number> {
  const filled = JSON.parse(fillIds(JSON.stringify(body).replaceAll('wsp_01k8xample', ids['workspace_id'] ?? ''), ids));
  rememberTexts(filled);
  const response = await fetch(`${rig.url}${fillIds(spec.path, ids)}`, {
    method: spec.method,
    headers: { 'content-type': 'application/json', ...caller.headers },
    body: JSON.stringify(filled),
  });
  const answer = await response.text();
  if (response.status >= 500 && response.status !== 503)
    throw new Error(`${spec.id} answered ${response.status}: ${answer}`);
  if (spec.id === 'createConnection' && response.status === 201) begun.push(JSON.parse(answer).start_url);
  return response.status;
}

/** Finishes an install as the attacker's provider would: it sends the browser back with a code. */
async function finishInstall(startUrl: string): Promise<void> {
  const started = await fetch(startUrl, { redirect: 'manual' });
  const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = new URL(started.headers.get('location') ?? 'http://nowhere.invalid');
  const back = page.searchParams.get('redirect_uri') ?? '';
  const query = new URLSearchParams({ code: 'code-of-the-attacker', state: page.searchParams.get('state') ?? '' });
  await fetch(`${back}?${query}`, { headers: { cookie } });
}

const withBodies = specs.filter(({ body, method }) => body !== undefined && method !== 'GET');

const drive = async (spec: OperationSpec, caller: Caller, bodies: readonly unknown[], targets: readonly Ids[]) => {
  for (const body of bodies) for (const ids of targets) await attack(spec, caller, ids, body);
};

const named = withBodies.map((spec) => [spec.id, spec] as const);
const withAddresses = named.filter(([, { body }]) => body !== undefined && addressFieldsOf(body).length > 0);

/** What these name is the caller's own: the gateway calls it, with nothing but what is meant for it. */
const callersOwn: ReadonlySet<string> = new Set(['sendMessage', 'createWebhookEndpoint', 'updateWebhookEndpoint']);

describe('a server that a request names', () => {
  it.each(named.filter(([id]) => !callersOwn.has(id)))(
    'is not called by %s for a caller who does not decide for the installation',
    async (_id, spec) => {
      for (const caller of callers.filter(({ isOperator }) => !isOperator)) {
        await drive(spec, caller, hostileBodies(spec, canary.url, 'every shape'), targetsOf(attacker));
        await drive(spec, caller, hostileBodies(spec, canary.url, 'examples'), targetsOf(victim));
        const urls = withAddresses.some(([id]) => id === spec.id) ? disguises(canary.url) : [];
        const disguised = urls.flatMap((url) => hostileBodies(spec, url, 'examples'));
        await drive(spec, caller, disguised, targetsOf(attacker));
        expect([caller.name, canary.heard()]).toEqual([caller.name, []]);
      }
    },
  );

  it.each(named)('gets from %s only what the same request carries, for every caller', async (_id, spec) => {
    for (const caller of callers.filter(({ isOperator }) => isOperator || callersOwn.has(spec.id))) {
      await drive(spec, caller, hostileBodies(spec, canary.url, 'every shape'), targetsOf(attacker));
      expectSilence(`${caller.name} calls ${spec.id}`);
    }
  });

  it('is heard by this test', () => {
    const heard = canary.heard().join('\n');
    for (const given of ['given-access-token', 'given-refresh-token', 'given-client-secret', 'given-developer-key']) {
      expect(heard).toContain(given);
    }
    expect(heard).toContain('/bot7999999999:given');
    expect(begun.length).toBeGreaterThan(0);
    expect(withAddresses.length).toBeGreaterThan(4);
  });

  it('gets nothing more when the installs that name it are finished', async () => {
    for (const startUrl of begun) await finishInstall(startUrl);
    expect(canary.heard().join('\n')).toContain('code-of-the-attacker');
    expectSilence('finished installs');
  });

  it('gets nothing more from the work of the gateway: sends, entries, files, checks and restarts', async () => {
    await work();
    await rig.restart();
    await work();
    expectSilence('the work of the gateway');
  });
});

/** Everything that the gateway does with the secrets of the victim, seen to its end. */
async function work(): Promise<void> {
  const { bot } = victim;
  const customer = newCustomer(rig, bot, { first_name: 'Grace' });
  expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  telegram.file(customer.at, { kind: 'document', file_name: 'plan.pdf', bytes: Buffer.from('%PDF-1.7 a plan') });
  await eventually(() => expect(JSON.stringify(intercom.conversations(bot.intercomId))).toContain('Grace'));
  await eventually(() => expect(entriesOf(bot)).toContain('plan.pdf'));
  await rig.admin(`/api/v1/channels/${bot.channelId}/check`, { body: {} });
  await rig.admin(`/api/v1/channels/${victim.hubspot.channelId}/check`, { body: {} });
  await rig.admin(`/api/v1/channels/${attacker.bot.channelId}/check`, { body: {} });
}

const entriesOf = ({ intercomId }: ConnectedBot): string =>
  JSON.stringify(intercom.conversations(intercomId).map(({ id }) => intercom.transcript(intercomId, id)));

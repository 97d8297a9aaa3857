import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ErrorBody, type OperationSpec, operations } from '@chatferry/contract';
import {
  adminToken,
  aSend,
  type ConnectedBot,
  connectBot,
  newCustomer,
  sendPath,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import fc from 'fast-check';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The same calls in every run, so that a failure can be repeated. Another seed makes other calls. */
const seed = 1;
const limitMs = 15 * 60_000;
const atOnce = 16;
const callsOfOperation = 300;
const callsOfSend = 4_000;
const callsOfHook = 2_000;

const rig = await startRig();
/** `fetch` would take as long as the gateway. */
const client = new Pool(rig.url, { connections: atOnce });
let bot: ConnectedBot;
let chatId: string;

beforeAll(async () => {
  bot = await connectBot(rig);
  chatId = newCustomer(rig, bot).chatId;
});

afterAll(() => client.close());

interface Call {
  readonly method: OperationSpec['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Traces of internal errors, which no answer may show. */
const traces = /node_modules|\n +at |\.(ts|js):\d+:\d+|syntax error at or near|violates .*constraint/;

/** Of a machine that cannot look names up now. The caller may repeat the request. */
const isAddressAway = (status: number, text: string): boolean =>
  status === 503 && /"pointer":"\/media(?:\/\d+)?\/url"/.test(text);

async function check({ method, path, headers, body }: Call): Promise<number> {
  const answer = await client.request({ path, method, headers, body });
  const status = answer.statusCode;
  const text = await answer.body.text();
  const shown = `${method} ${path} ${body?.slice(0, 300) ?? ''} → ${status} ${text.slice(0, 300)}`;
  if (status >= 500 && !isAddressAway(status, text)) throw new Error(`a 5xx: ${shown}`);
  if (path.startsWith('/hooks/') && status !== 401) throw new Error(`accepted without a secret: ${shown}`);
  if (traces.test(text)) throw new Error(`a trace of an internal error: ${shown}`);
  const isError = status >= 400 && !path.startsWith('/hooks/');
  if (isError && !ErrorBody.safeParse(JSON.parse(text)).success) throw new Error(`not the documented form: ${shown}`);
  return status;
}

/** Makes `count` calls, several at once. Resolves with the number of answers for each status. */
async function callAll(calls: fc.Arbitrary<Call>, count: number, by: number): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  const drawn = fc.sample(calls, { numRuns: count, seed: seed + by });
  const next = drawn[Symbol.iterator]();
  const work = async () => {
    for (let one = next.next(); !one.done; one = next.next()) {
      const status = await check(one.value);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work)).catch((cause: unknown) => {
    throw new Error(`with the seed ${seed}: ${String(cause)}`, { cause });
  });
  return statuses;
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '💥',
    '../..',
    "' or 1=1 --",
    '{{7*7}}',
    '%00',
    '__proto__',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[[[]]]],
    { __proto__: { admin: true } },
    { constructor: { prototype: {} } },
    'x'.repeat(5_000),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The same value with one part replaced, one field missing, or one field more. */
const mutated = (value: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(value)) {
    if (value.length === 0) return odd;
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc.nat(value.length - 1).chain((at) => mutated(value[at]).map((one) => value.with(at, one))),
      },
      odd.map((one) => [...value, one]),
      odd,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value);
    if (names.length === 0) return odd;
    const record = value as Readonly<Record<string, unknown>>;
    return fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .constantFrom(...names)
          .chain((name) => mutated(record[name]).map((one) => ({ ...record, [name]: one }))),
      },
      fc
        .constantFrom(...names)
        .map((name) => Object.fromEntries(Object.entries(record).filter(([other]) => other !== name))),
      fc.tuple(fc.string({ maxLength: 20 }), odd).map(([name, one]) => ({ ...record, [name]: one })),
      odd,
    );
  }
  return odd;
};

/** Bodies as text: valid ones, changed ones, and ones that are not JSON. */
const bodiesLike = (examples: readonly unknown[]): fc.Arbitrary<string> => {
  const like = fc.constantFrom(...(examples.length === 0 ? [{}] : examples));
  const text = fc.oneof(
    { weight: 8, arbitrary: like.chain(mutated).map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: odd.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  );
  const cut = fc.tuple(text, fc.nat(100)).map(([whole, percent]) => whole.slice(0, (whole.length * percent) / 100));
  const deep = fc.integer({ min: 1, max: 3_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
  return fc.oneof({ weight: 10, arbitrary: text }, { weight: 1, arbitrary: cut }, { weight: 1, arbitrary: deep });
};

const segment = fc.oneof(
  fc.constantFrom('1', '0', '-1', 'wsp_0', 'chn_0', 'key_0', '..', '%2e%2e', '%00', 'null', 'x'.repeat(300)),
  fc.string({ minLength: 1, maxLength: 30 }).map(encodeURIComponent),
);
const queries = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc
    .array(
      fc.tuple(
        fc.constantFrom('limit', 'cursor', 'state', 'workspace_id', 'channel_id', 'chat_id', 'object', 'x'),
        fc.string({ maxLength: 20 }),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`),
);
const types = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'application/x-www-form-urlencoded', 'a/b'),
);

/** Operations that would delete the bot's objects or end its key get ids that do not exist. */
const ownIds = (spec: OperationSpec): Readonly<Record<string, string>> =>
  spec.method === 'DELETE' || spec.id === 'revokeKey' || spec.id === 'rotateKey'
    ? {}
    : { workspace_id: bot.workspaceId, channel_id: bot.channelId, key_id: bot.keyId, message_id: '1' };

function callsTo(spec: OperationSpec): fc.Arbitrary<Call> {
  const names = [...spec.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name);
  const ids = ownIds(spec);
  const path = fc
    .tuple(...names.map((name) => (ids[name] === undefined ? segment : fc.oneof(fc.constant(ids[name]), segment))))
    .map((values) => names.reduce((text, name, at) => text.replace(`{${name}}`, String(values[at])), spec.path));
  const examples = Object.values(spec.examples ?? {}).map(({ value }) => value);
  return fc
    .tuple(path, queries, types, spec.body === undefined ? fc.constant(null) : bodiesLike(examples))
    .map(([at, query, type, body]) => ({
      method: spec.method,
      path: `${at}${query}`,
      headers: {
        authorization: `Bearer ${spec.auth === 'key' ? bot.key : adminToken}`,
        ...(body === null ? {} : { 'content-type': type }),
      },
      body,
    }));
}

/** In bytes, after garbage collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('random input', () => {
  const specs: readonly OperationSpec[] = Object.values(operations);
  const counted = new Map<string, number>();

  it('gets a documented answer from every operation', { timeout: limitMs }, async () => {
    for (const [at, spec] of specs.entries()) {
      const statuses = await callAll(callsTo(spec), callsOfOperation, at);
      counted.set(
        spec.id,
        [...statuses.values()].reduce((sum, count) => sum + count, 0),
      );
    }
    expect(Math.min(...counted.values())).toBe(callsOfOperation);
  });

  it('gets a documented answer from the send, which carries out valid input', { timeout: limitMs }, async () => {
    await rig.admin(`/api/v1/keys/${bot.keyId}`, {
      method: 'PATCH',
      body: { limit: { per_second: 100_000, burst: 1_000_000 } },
    });
    const examples = Object.values(operations.sendTelegramInteractive.examples ?? {}).map(
      ({ value }) => value as object,
    );
    const bodies = bodiesLike([
      ...examples.map((example) => ({ ...example, destination_user_id: chatId })),
      aSend(chatId),
    ]);
    const calls = bodies.map((body) => ({
      method: 'POST' as const,
      path: sendPath,
      headers: { 'x-octopods-auth': bot.key, 'content-type': 'application/json' },
      body,
    }));
    const statuses = await callAll(calls, callsOfSend, 1_000);
    expect(statuses.get(201) ?? 0).toBeGreaterThan(0);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(callsOfSend / 2);
  });

  it('is refused or stored by the webhooks', { timeout: limitMs }, async () => {
    const { rows } = await rig.database.pool.query(
      'select c.hook_path as telegram, w.hook_path as intercom from channels c join workspaces w on w.id = c.workspace_id',
    );
    const hook = fc.constantFrom(
      `/hooks/telegram/${rows[0].telegram}`,
      `/hooks/intercom/${rows[0].intercom}`,
      '/hooks/intercom',
      '/hooks/hubspot',
      '/hooks/hubspot/none',
      '/hooks/telegram/%00',
      '/hooks/intercom/%00',
    );
    const update = {
      update_id: 1,
      message: {
        message_id: 1,
        date: 1,
        chat: { id: 7, type: 'private' },
        from: { id: 7, is_bot: false, first_name: 'G' },
        text: 'x',
      },
    };
    const notification = {
      type: 'notification_event',
      topic: 'conversation.admin.replied',
      app_id: 'x',
      data: { item: {} },
    };
    const calls = fc
      .tuple(
        hook,
        bodiesLike([update, notification, [{ eventId: 1 }]]),
        fc.string({ maxLength: 60 }).map(encodeURIComponent),
      )
      .map(([path, body, signature]) => ({
        method: 'POST' as const,
        path,
        headers: {
          'x-telegram-bot-api-secret-token': signature,
          'x-hub-signature': signature,
          'x-hubspot-signature-v3': signature,
          'x-hubspot-request-timestamp': String(Date.now()),
        },
        body,
      }));
    const statuses = await callAll(calls, callsOfHook, 2_000);
    expect([...statuses.keys()]).toEqual([401]);
  });

  it('leaves the gateway healthy, with no internal error and no growing memory', { timeout: limitMs }, async () => {
    const before = heapUsed();
    for (const [at, spec] of specs.entries()) await callAll(callsTo(spec), callsOfOperation / 3, 3_000 + at);
    const grownMiB = (heapUsed() - before) / 1024 / 1024;
    expect(grownMiB).toBeLessThan(32);
    expect((await rig.call('/healthz')).status).toBe(200);
    expect((await rig.call('/readyz')).status).toBe(200);
    expect(rig.logLines.filter((line) => line.includes('request.failed') || line.includes('process.crashed'))).toEqual(
      [],
    );
  });
});

/** One scenario of the client that runs unchanged in every runtime and in browsers. It uses nothing but the web's own interfaces. */
import type * as Sdk from '../index.js';

export interface Check {
  readonly name: string;
  /** `ok`, or what went wrong. */
  readonly result: string;
}

export interface ScenarioOptions {
  /** The address of the scenario's server. */
  readonly baseUrl: string;
  /** An address at which nothing listens. */
  readonly closedUrl: string;
  /** A browser gives no reason for a failure, and another origin has no access. */
  readonly isBrowser: boolean;
}

type Step = (sdk: typeof Sdk, options: ScenarioOptions) => Promise<unknown>;

const message = {
  destination_user_id: '1',
  telegram_interactive_message: {
    type: 'reply_buttons',
    text: 'Ready?',
    reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] },
  },
} as const;

/** No wait of a scenario is longer than a moment. */
const wait = (): Promise<void> => Promise.resolve();

const connect = ({ Chatferry }: typeof Sdk, { baseUrl }: ScenarioOptions): Sdk.Chatferry =>
  new Chatferry({ key: 'cf_test_scenario', baseUrl, wait });

const failureOf = async (call: PromiseLike<unknown>): Promise<unknown> => {
  try {
    return await call;
  } catch (error) {
    return error;
  }
};

const equal = (found: unknown, wanted: unknown): void => {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
};

/** A call that never reached a server says so. */
const isUnsent = async (sdk: typeof Sdk, baseUrl: string): Promise<void> => {
  const cf = new sdk.Chatferry({ key: 'cf_test_scenario', baseUrl, wait });
  const error = await failureOf(cf.telegram.sendInteractive(message));
  const shown = error instanceof sdk.ConnectionError ? [error.kind, error.mayHaveBeenSent] : String(error);
  equal(shown, ['refused', false]);
};

const everywhere: Readonly<Record<string, Step>> = {
  'a send, with a lost connection and a 502 in between, under one idempotency key': async (sdk, options) => {
    const { data, attempts } = await connect(sdk, options).telegram.sendInteractive(message).withResponse();
    // Chromium itself repeats a request whose kept connection was closed.
    equal([data.message_id, attempts === 3 || options.isBrowser], [3, true]);
  },
  'a list over two pages': async (sdk, options) => {
    const ids: unknown[] = [];
    for await (const { id } of connect(sdk, options).messages.list({ limit: 2 })) ids.push(id);
    equal(ids, [1, 2, 3]);
  },
  'a stream of events that continues after a lost connection': async (sdk, options) => {
    const ids: string[] = [];
    for await (const { id } of connect(sdk, options).events.stream({ after: 'evt_0' })) {
      ids.push(id);
      if (ids.length === 3) break;
    }
    equal(ids, ['evt_1', 'evt_2', 'evt_3']);
  },
  'a typed error': async (sdk, options) => {
    const error = await failureOf(connect(sdk, options).messages.get(404));
    equal([error instanceof sdk.NotFoundError, error instanceof sdk.ChatferryError], [true, true]);
  },
  'a call that is aborted': async (sdk, options) => {
    const controller = new AbortController();
    const call = failureOf(connect(sdk, options).messages.get(504, { signal: controller.signal }));
    controller.abort();
    equal(((await call) as Sdk.ConnectionError).kind, 'aborted');
  },
  'a call without an answer in time': async (sdk, options) => {
    const error = await failureOf(connect(sdk, options).messages.get(504, { timeoutMs: 100 }));
    equal((error as Sdk.ConnectionError).kind, 'timeout');
  },
  'the check of a webhook': async ({ webhooks, WebhookVerificationError }) => {
    // The example of the Standard Webhooks libraries.
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const options = { nowMs: 1_614_265_330_000 };
    equal(await webhooks.verify('{"test": 2432232314}', headers, secret, options), { test: 2_432_232_314 });
    const error = await failureOf(webhooks.verify('{"test": 1}', headers, secret, options));
    equal(error instanceof WebhookVerificationError, true);
  },
  'a wrong address, before any call': async ({ Chatferry, ConfigurationError }) => {
    try {
      new Chatferry({ baseUrl: 'chat.example.com' });
    } catch (error) {
      equal(error instanceof ConfigurationError, true);
      return;
    }
    throw new Error('no error');
  },
};

const outsideOfBrowsers: Readonly<Record<string, Step>> = {
  'a refused connection sent nothing': (sdk, { closedUrl }) => isUnsent(sdk, closedUrl),
  'a host without an address sent nothing': (sdk) => isUnsent(sdk, 'http://nohost.invalid'),
  'https to an http server sent nothing': (sdk, { baseUrl }) => isUnsent(sdk, baseUrl.replace('http:', 'https:')),
  'the key and the address come from the environment': async ({ Chatferry }) => {
    equal((await new Chatferry().health.get()).status, 'ok');
  },
};

/** Runs every step and says what came of it. */
export const runScenario = async (sdk: typeof Sdk, options: ScenarioOptions): Promise<readonly Check[]> => {
  const steps = options.isBrowser ? everywhere : { ...everywhere, ...outsideOfBrowsers };
  const checks: Check[] = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(sdk, options);
      checks.push({ name, result: 'ok' });
    } catch (error) {
      checks.push({ name, result: String(error) });
    }
  }
  return checks;
};

import type { Clock } from '../../ports/clock.ts';
import { type BoundSecret, conceal, revealTo } from '../../ports/secret.ts';
import { type AccountGate, createAccountGate } from '../account-gate.ts';
import type { Transport } from '../http/transport.ts';
import type { InboxOptions } from '../inbox-adapter.ts';
import { readReply } from '../json-answer.ts';
import { apiVersion } from './api-version.ts';
import { type Asked, classify, type IntercomOutcome, limitOf, unknownPath } from './classify.ts';

const limitMs = 20_000;
/** Files take longer: the slowest upload that is waited for. */
const bytesPerMs = 250;
/** A conversation comes back with up to 500 parts. */
const maxResponseBytes = 16 * 1024 * 1024;

export interface IntercomClient {
  get(path: string, about: Asked['about']): Promise<IntercomOutcome>;
  /** A POST that only reads. */
  search(path: string, body: object): Promise<IntercomOutcome>;
  /** A body of null: Intercom describes the call without one. */
  post(path: string, body: object | null, about: Asked['about']): Promise<IntercomOutcome>;
  put(path: string, body: object, about: Asked['about']): Promise<IntercomOutcome>;
  /** A POST that the conversation can do without: a missing permission is a refusal of it alone. */
  postAside(path: string, body: object, about: Asked['about']): Promise<IntercomOutcome>;
}

interface ClientOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly accessToken: BoundSecret;
  readonly secrets: readonly BoundSecret[];
  readonly onAnswer?: InboxOptions['onAnswer'];
}

interface ClientDeps extends ClientOptions {
  readonly gate: AccountGate;
  /** Whose share of the connections its calls take. */
  readonly party: object;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: object | null;
}

type AskedFor = Omit<Asked, 'nowMs'>;

/** No detail contains one of `secrets`, also where Intercom wrote the text. */
export function createClient(options: ClientOptions): IntercomClient {
  const deps = { ...options, gate: createAccountGate(options.clock, options.onAnswer), party: {} };
  const call = (method: Call['method'], path: string, body: object | null, asked: AskedFor) =>
    callSurely(deps, { method, path, body }, asked);
  return {
    get: (path, about) => call('GET', path, null, { effect: 'reads', about }),
    search: (path, body) => call('POST', path, body, { effect: 'reads', about: 'account' }),
    post: (path, body, about) => call('POST', path, body, { effect: 'writes', about }),
    postAside: (path, body, about) => call('POST', path, body, { effect: 'writes', about, isAside: true }),
    put: (path, body, about) => call('PUT', path, body, { effect: 'writes', about }),
  };
}

async function callSurely(deps: ClientDeps, call: Call, asked: AskedFor): Promise<IntercomOutcome> {
  const outcome = await callOnce(deps, call, asked);
  return outcome.kind === 'gone' && outcome.successor === undefined ? confirmGone(deps, outcome) : outcome;
}

/** Intercom has the same words for a path that it does not serve: asks for others of the kind, in the same version. */
async function confirmGone(
  deps: ClientDeps,
  gone: Extract<IntercomOutcome, { kind: 'gone' }>,
): Promise<IntercomOutcome> {
  const path = gone.what === 'contact' ? '/contacts/search' : '/conversations/search';
  const sinceSeconds = Math.floor(deps.clock.nowMs() / 1000);
  const body = {
    query: { field: 'created_at', operator: '>', value: sinceSeconds },
    pagination: { per_page: 1 },
  };
  const listed = await callOnce(deps, { method: 'POST', path, body }, { effect: 'reads', about: 'match' });
  if (listed.kind === 'rejected') return listed.status === 404 ? unknownPath(gone.detail) : gone;
  return listed.kind === 'ok' ? gone : listed;
}

async function callOnce(deps: ClientDeps, { method, path, body }: Call, asked: AskedFor): Promise<IntercomOutcome> {
  const bytes = body === null ? null : Buffer.from(JSON.stringify(body));
  const url = `${deps.baseUrl}${path}`;
  const nowMs = () => deps.clock.nowMs();
  const authorized = revealTo(url, (reveal) => `Bearer ${reveal(deps.accessToken)}`);
  if (authorized.kind === 'withheld') return classify(authorized, { ...asked, nowMs: nowMs() });
  const ask = async () =>
    readReply(
      await deps.transport.call({
        url,
        method,
        headers: {
          authorization: authorized.value,
          'intercom-version': apiVersion,
          accept: 'application/json',
          ...(bytes === null ? {} : { 'content-type': 'application/json' }),
        },
        ...(bytes === null ? {} : { body: bytes }),
        limitMs: limitMs + Math.ceil((bytes?.length ?? 0) / bytesPerMs),
        maxResponseBytes,
        party: deps.party,
      }),
    );
  const reply = await deps.gate.pass(ask, (answer) => limitOf(answer, nowMs()));
  return concealSecrets(classify(reply, { ...asked, nowMs: nowMs() }), deps.secrets);
}

function concealSecrets(outcome: IntercomOutcome, secrets: readonly BoundSecret[]): IntercomOutcome {
  if (outcome.kind === 'ok') return outcome;
  const detail = conceal(outcome.detail, secrets);
  return outcome.kind === 'rejected'
    ? { ...outcome, detail, message: conceal(outcome.message, secrets) }
    : { ...outcome, detail };
}

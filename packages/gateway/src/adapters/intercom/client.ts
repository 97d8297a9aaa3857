import type { Clock } from '../../ports/clock.ts';
import { type BoundSecret, conceal, revealTo } from '../../ports/secret.ts';
import { createAccountGate } from '../account-gate.ts';
import type { Transport } from '../http/transport.ts';
import { readReply } from '../json-answer.ts';
import { type Asked, classify, type IntercomOutcome, limitOf } from './classify.ts';

/** Intercom: the version that everything here is written for. */
const apiVersion = '2.16';
const limitMs = 20_000;
/** Files take longer: the slowest upload that is waited for. */
const bytesPerMs = 250;
/** A conversation comes back with up to 500 parts. */
const maxResponseBytes = 16 * 1024 * 1024;

export interface IntercomClient {
  get(path: string, about: Asked['about']): Promise<IntercomOutcome>;
  /** A POST that only reads. */
  search(path: string, body: object): Promise<IntercomOutcome>;
  post(path: string, body: object, about: Asked['about']): Promise<IntercomOutcome>;
  put(path: string, body: object, about: Asked['about']): Promise<IntercomOutcome>;
  /** A POST that the conversation can do without: a missing permission is a refusal of it alone. */
  postAside(path: string, body: object, about: Asked['about']): Promise<IntercomOutcome>;
}

/** No detail contains one of `secrets`, also where Intercom wrote the text. */
export function createClient(options: {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly accessToken: BoundSecret;
  readonly secrets: readonly BoundSecret[];
}): IntercomClient {
  const gate = createAccountGate(options.clock);
  const party = {};

  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: object | null,
    asked: Omit<Asked, 'nowMs'>,
  ): Promise<IntercomOutcome> => {
    const bytes = body === null ? null : Buffer.from(JSON.stringify(body));
    const url = `${options.baseUrl}${path}`;
    const nowMs = () => options.clock.nowMs();
    const authorized = revealTo(url, (reveal) => `Bearer ${reveal(options.accessToken)}`);
    if (authorized.kind === 'withheld') return classify(authorized, { ...asked, nowMs: nowMs() });
    const ask = async () =>
      readReply(
        await options.transport.call({
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
          party,
        }),
      );
    const reply = await gate.pass(ask, (answer) => limitOf(answer, nowMs()));
    return concealSecrets(classify(reply, { ...asked, nowMs: nowMs() }), options.secrets);
  };
  return {
    get: (path, about) => call('GET', path, null, { effect: 'reads', about }),
    search: (path, body) => call('POST', path, body, { effect: 'reads', about: 'account' }),
    post: (path, body, about) => call('POST', path, body, { effect: 'writes', about }),
    postAside: (path, body, about) => call('POST', path, body, { effect: 'writes', about, isAside: true }),
    put: (path, body, about) => call('PUT', path, body, { effect: 'writes', about }),
  };
}

function concealSecrets(outcome: IntercomOutcome, secrets: readonly BoundSecret[]): IntercomOutcome {
  if (outcome.kind === 'ok') return outcome;
  const detail = conceal(outcome.detail, secrets);
  return outcome.kind === 'rejected'
    ? { ...outcome, detail, message: conceal(outcome.message, secrets) }
    : { ...outcome, detail };
}

import type { Clock } from '../../ports/clock.ts';
import type { InboxAuthorization, RedeemOutcome } from '../../ports/inbox-authorization.ts';
import { conceal, revealTo } from '../../ports/secret.ts';
import type { Transport } from '../http/transport.ts';
import { readReply, textAt } from '../json-answer.ts';
import { classify } from './classify.ts';
import { createClient } from './client.ts';
import { findRegion } from './find-region.ts';
import { apiAddress, type Region } from './settings.ts';

const limitMs = 20_000;
const maxResponseBytes = 64 * 1024;

/** Intercom: one sign-in page a region; that of the US serves accounts of every region. */
const pageOf = (region: Region): string => `https://app.${region === 'us' ? '' : `${region}.`}intercom.com`;

/**
 * Intercom's OAuth: the page takes `client_id`, `state` and `redirect_uri` and no scopes, which are chosen in the Developer Hub;
 * the code lives about five minutes; the token never ends, and there is nothing to renew it with.
 */
export function createIntercomAuthorization(options: {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Replaces the sign-in page; `{region}` in it is replaced by the region. Null for Intercom's own. */
  readonly appUrl: string | null;
  /** The API for apps that name none; null for Intercom's own. */
  readonly apiUrl: string | null;
}): InboxAuthorization {
  const { transport, clock, appUrl, apiUrl } = options;

  return {
    scopes: [],

    signInUrl(app, { state, redirectUrl }) {
      const region = app.kind === 'intercom' ? (app.region ?? 'us') : 'us';
      const page = appUrl === null ? pageOf(region) : appUrl.replaceAll('{region}', region);
      const query = new URLSearchParams({ client_id: app.client_id, state, redirect_uri: redirectUrl });
      return `${page}/oauth?${query}`;
    },

    async redeem(app, given): Promise<RedeemOutcome> {
      if (app.kind !== 'intercom') throw new Error('an app of another inbox was handed to Intercom');
      const { client_id, client_secret: secret } = app;
      const code = secret.sibling(given.code);
      const secrets = [secret, code];
      const refused = (detail: string): RedeemOutcome => ({ kind: 'rejected', why: 'refused', detail });
      const baseUrlOf = (region: Region) => apiAddress({ region, base_url: app.base_url ?? apiUrl ?? undefined });
      // Intercom: the endpoint of the US takes the codes of every region.
      const url = `${baseUrlOf('us')}/auth/eagle/token`;
      const form = revealTo(
        url,
        (reveal) => new URLSearchParams({ code: reveal(code), client_id, client_secret: reveal(secret) }),
      );
      if (form.kind === 'withheld') return refused(form.detail);
      const answer = await transport.call({
        url,
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(form.value.toString()),
        limitMs,
        maxResponseBytes,
      });
      const outcome = classify(readReply(answer), { effect: 'reads', about: 'account', nowMs: clock.nowMs() });
      if (outcome.kind !== 'ok') {
        const detail = conceal(outcome.detail, secrets);
        return outcome.kind === 'deferred' ? { ...outcome, detail } : refused(detail);
      }
      const token = textAt(outcome.value, 'access_token') ?? textAt(outcome.value, 'token');
      if (token === null) return refused('Intercom gave no token for the code');
      const accessToken = secret.sibling(token);
      const asking = (region: Region) =>
        createClient({ transport, clock, baseUrl: baseUrlOf(region), accessToken, secrets: [accessToken, ...secrets] });
      const found = await findRegion(asking, app.region ?? 'us');
      if (found.kind !== 'ok')
        return found.kind === 'deferred' || found.kind === 'uncertain'
          ? { kind: 'uncertain', detail: found.detail }
          : refused(found.detail);
      return {
        kind: 'ok',
        value: { input: { ...app, access_token: accessToken, region: found.value }, missingScopes: [] },
      };
    },
  };
}

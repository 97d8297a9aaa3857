import type { Inbox } from '@chatferry/gateway/internal/ports/inbox';
import type { Granted, InboxApp, InboxAuthorization } from '@chatferry/gateway/internal/ports/inbox-authorization';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** An adapter's authorisation against its provider's simulator, over real HTTP, with an app of its own. */
export interface AuthorizationHarness {
  readonly authorization: InboxAuthorization;
  readonly app: InboxApp;
  /** The account in which the app is installed, as `describe` names it. */
  readonly accountId: string;
  /** A person opens the address and agrees; where the browser is sent back to. */
  agree(signInUrl: string): Promise<URL>;
  /** Opens what was granted. */
  open(granted: Granted): Inbox;
  /** Lets the next call of the token endpoint meet a provider that is down. */
  failOnce(): void;
  close(): Promise<void>;
}

const redirectUrl = 'http://127.0.0.1:9/connect/callback';

/** What every way to install an app must do. */
export function authorizationConformance(name: string, start: () => Promise<AuthorizationHarness>): void {
  describe(`installing an app in ${name}`, () => {
    let harness: AuthorizationHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(() => harness.close());

    const codeOf = async () => {
      const back = await harness.agree(harness.authorization.signInUrl(harness.app, { state: 'st.ate', redirectUrl }));
      expect([`${back.origin}${back.pathname}`, back.searchParams.get('state')]).toEqual([redirectUrl, 'st.ate']);
      return back.searchParams.get('code') ?? '';
    };

    it('returns what opens the account that the person chose', async () => {
      const redeemed = await harness.authorization.redeem(harness.app, { code: await codeOf(), redirectUrl });
      if (redeemed.kind !== 'ok') throw new Error(redeemed.detail);
      expect(redeemed.value.missingScopes).toEqual([]);
      const described = await harness.open(redeemed.value).describe();
      expect(described).toMatchObject({ kind: 'ok', value: { accountId: harness.accountId } });
    });

    it('accepts a code once, and shows no secret when it refuses one', async () => {
      const code = await codeOf();
      await harness.authorization.redeem(harness.app, { code, redirectUrl });
      const again = await harness.authorization.redeem(harness.app, { code, redirectUrl });
      expect(again).toMatchObject({ kind: 'rejected', why: 'refused' });
      expect(JSON.stringify(again)).not.toContain(
        harness.app.client_secret.revealFor(harness.app.client_secret.origins[0] ?? ''),
      );
      expect(JSON.stringify(again)).not.toContain(code);
    });

    it('keeps the code usable while the provider is down', async () => {
      const code = await codeOf();
      harness.failOnce();
      expect((await harness.authorization.redeem(harness.app, { code, redirectUrl })).kind).toBe('deferred');
      expect((await harness.authorization.redeem(harness.app, { code, redirectUrl })).kind).toBe('ok');
    });
  });
}

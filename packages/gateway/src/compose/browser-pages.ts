import { hkdfSync } from 'node:crypto';
import { createFetch } from '../adapters/http/fetch-over-transport.ts';
import { createOpenIdConnect } from '../adapters/identity/openid-connect.ts';
import { connectableKinds } from '../adapters/registry.ts';
import { StartError } from '../errors/start-error.ts';
import { createBrowserFlow } from '../operations/connections/browser-flow.ts';
import { createChannelSetup } from '../operations/connections/channel-setup.ts';
import { createStates } from '../operations/connections/state.ts';
import { createProviderSignIn, type ProviderSignIn } from '../operations/people/provider-sign-in.ts';
import type { Deadlines } from '../ports/deadlines.ts';
import type { ApiParts } from './api-parts.ts';
import { botsOf } from './bots-of.ts';
import { queueSetups } from './queue-setups.ts';

/** Of one call to the identity provider, while a person waits. */
const identityProviderLimitMs = 10_000;

/** Null if the settings name no identity provider. */
export function buildProviderSignIn({ config, store, transport, signIn, log }: ApiParts): ProviderSignIn | null {
  const { oidcIssuer, oidcClientId, oidcClientSecret, publicUrl } = config;
  const missing = Object.entries({
    CHATFERRY_OIDC_ISSUER: oidcIssuer,
    CHATFERRY_OIDC_CLIENT_ID: oidcClientId,
    CHATFERRY_OIDC_CLIENT_SECRET: oidcClientSecret,
  }).flatMap(([name, value]) => (value === null ? [name] : []));
  if (oidcIssuer === null || oidcClientId === null || oidcClientSecret === null) {
    if (missing.length === 3) return null;
    throw new StartError(`Sign-in by OpenID Connect needs ${missing.join(' and ')} too. Set all three, or none.`);
  }
  if (publicUrl === null)
    throw new StartError(
      'Sign-in by OpenID Connect needs CHATFERRY_PUBLIC_URL: the provider sends browsers back there.',
    );
  const client = {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    fetch: createFetch(transport, identityProviderLimitMs),
  };
  return createProviderSignIn({ ...signIn, store, provider: createOpenIdConnect(client), publicUrl, log });
}

/** What people carry out in their browsers. */
export function buildConnectPages(parts: ApiParts, deadlines: Deadlines) {
  const { config, store, providers, engine, guesses, vault, masterKeys, clock, random, log } = parts;
  const { publicUrl } = config;
  const { kind: channelKind, authorizations, inboxKinds, tryInbox } = providers;
  const shared = { store, vault, clock, random, authorizations, inboxKinds, publicUrl };
  const stateKeys = [masterKeys.primary, ...masterKeys.others].map(({ key }) =>
    Buffer.from(hkdfSync('sha256', key, '', 'chatferry oauth state', 32)),
  );
  return {
    publicUrl,
    channelKind,
    inboxKinds: connectableKinds(inboxKinds),
    browserFlow: createBrowserFlow({
      ...shared,
      tryInbox,
      states: createStates(stateKeys),
      lookUpForStranger: guesses.lookUp,
      onChange: engine.onChange,
    }),
    channelSetup: createChannelSetup({
      store,
      connecting: { ...shared, ...botsOf(config, providers) },
      standInOf: (name) => config.inboxes[name].appUrl,
      inTurn: queueSetups(deadlines),
      onChange: engine.onChange,
      log,
    }),
  };
}

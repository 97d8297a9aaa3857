import type { Sandbox } from '@chatferry/sandbox';
import {
  type AuthorizationHarness,
  authorizationConformance,
} from '@chatferry/testkit/conformance/inbox-authorization';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import type { InboxApp } from '../ports/inbox-authorization.ts';
import { BoundSecret } from '../ports/secret.ts';
import { systemClock } from '../process/system-clock.ts';
import { createTransport } from './http/transport.ts';
import { inboxAdapters, openInbox } from './registry.ts';

interface Account {
  readonly app: InboxApp;
  readonly accountId: string;
  readonly operation: string;
}

async function start(arrange: (sandbox: Sandbox, url: string) => Account): Promise<AuthorizationHarness> {
  const sandbox = createWatchedSandbox();
  const url = await sandbox.listen();
  const transport = createTransport({ clock: systemClock, policy: anyAddress });
  const urls = { intercom: `${url}/intercom`, hubspot: `${url}/hubspot` };
  const { app, accountId, operation } = arrange(sandbox, url);
  return {
    authorization: inboxAdapters[app.kind].authorization({
      transport,
      clock: systemClock,
      appUrl: urls[app.kind],
      apiUrl: urls[app.kind],
    }),
    app,
    accountId,
    async agree(signInUrl) {
      const body = new URLSearchParams({ account: accountId, decision: 'grant' });
      const answer = await fetch(signInUrl, { method: 'POST', body, redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '');
    },
    open: ({ input }) =>
      openInbox({ ...input, base_url: urls[app.kind] }, { transport, clock: systemClock, webhookUrl: null }),
    failOnce: () =>
      sandbox.faults.inject({
        provider: app.kind,
        operation,
        times: 1,
        effect: { kind: 'answer-before', answer: { status: 503, body: {} } },
      }),
    async close() {
      await transport.close();
      await sandbox.close();
    },
  };
}

authorizationConformance('Intercom', () =>
  start(({ intercom }, url) => {
    const { client_id, client_secret, workspace_id } = intercom.createWorkspace();
    const app = {
      kind: 'intercom',
      contact_role: 'lead',
      client_id,
      client_secret: new BoundSecret(client_secret, [url]),
    } as const;
    return { app, accountId: workspace_id, operation: 'POST /auth/eagle/token' };
  }),
);

authorizationConformance('HubSpot', () =>
  start(({ hubspot }, url) => {
    const { client_id, client_secret, portal_id } = hubspot.createPortal();
    const app = { kind: 'hubspot', client_id, client_secret: new BoundSecret(client_secret, [url]) } as const;
    return { app, accountId: portal_id, operation: 'POST /oauth/{version}/token' };
  }),
);

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ChannelSetup, OpenSetup, SetupKind, SetupQuery } from '../operations/connections/channel-setup.ts';
import { setupPath } from '../operations/workspaces/hook-urls.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { InboxKind } from '../ports/inbox-kind.ts';
import { escapeHtml, redirectBrowser, sendNotice, sendPage } from './browser-page.ts';

export interface SetupPageDeps {
  readonly channelSetup: ChannelSetup;
  readonly channelKind: ChannelKind;
  readonly inboxKinds: Readonly<Record<string, InboxKind>>;
}

const formLimitBytes = 8 * 1024;

/** The pages to which providers send administrators from their own inbox settings: they ask for the bot and send the browser back. */
export function bindSetupPages(app: FastifyInstance, deps: SetupPageDeps): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: formLimitBytes } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, text, done) => done(null, text));
  for (const kind of Object.values(deps.inboxKinds)) if (hasSetup(kind)) bindSetupPage(app, deps, kind);
}

const hasSetup = (kind: InboxKind): kind is SetupKind => kind.setup !== undefined;

function bindSetupPage(app: FastifyInstance, { channelSetup, channelKind }: SetupPageDeps, kind: SetupKind): void {
  const path = setupPath(kind.kind);

  app.get(path, async (request, reply) => {
    const opened = await channelSetup.begin(kind, queryOf(request, kind));
    if ('status' in opened) return sendNotice(request, reply, opened);
    const title = `Connect a ${channelKind.displayName} bot`;
    return sendPage(reply, 200, title, formOf(kind, channelKind, opened), new URL(opened.visit.returnUrl).origin);
  });

  app.post(path, async (request, reply) => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const finished = await channelSetup.finish(kind, queryOf(request, kind), form.get('bot_token') ?? '');
    return 'status' in finished ? sendNotice(request, reply, finished) : redirectBrowser(reply, finished.url, 303);
  });
}

function queryOf(request: FastifyRequest, { setup }: SetupKind): SetupQuery {
  const query = request.query as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    setup.queryFields.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

/** Posted to the address of the page itself, whose query the provider made. */
function formOf(
  { displayName, setup }: SetupKind,
  { displayName: channelName, tokenIssuer, tokenMenu: [command, steps] }: ChannelKind,
  { workspace, visit }: OpenSetup,
): string {
  const account = `${setup.accountNoun} ${escapeHtml(visit.account)}, “${escapeHtml(workspace.name)}”`;
  return `<p>Its conversations will appear in the inbox that you chose in ${displayName} (${account}).</p>
<form method="post">
<p><label for="bot_token">The token of the bot, from <strong>@${tokenIssuer}</strong> in ${channelName} (<code>${command}</code>, ${steps}):</label><br>
<input id="bot_token" name="bot_token" type="password" autocomplete="off" required></p>
<p><button>Connect the bot</button></p>
</form>`;
}

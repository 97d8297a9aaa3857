import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChannelSetup, SetupKind, SetupQuery } from '../operations/connections/channel-setup.ts';
import { setupPath } from '../operations/workspaces/hook-urls.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { ConnectableKind, InboxKind, SetupVisit } from '../ports/inbox-kind.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { escapeHtml, redirectBrowser, sendNotice, sendPage } from './browser-page.ts';
import { allowForm, fieldsOf, readForms } from './read-form.ts';

export interface SetupPageDeps {
  readonly channelSetup: ChannelSetup;
  readonly channelKind: ChannelKind;
  readonly inboxKinds: Readonly<Record<string, InboxKind<ConnectableKind>>>;
}

/** The pages to which providers send administrators from their own inbox settings: they ask for the bot and send the browser back. */
export function bindSetupPages(app: FastifyInstance, deps: SetupPageDeps, budgets: BodyBudgets): void {
  readForms(app);
  for (const kind of Object.values(deps.inboxKinds)) if (hasSetup(kind)) bindSetupPage(app, deps, budgets, kind);
}

const hasSetup = (kind: InboxKind<ConnectableKind>): kind is SetupKind => kind.setup !== undefined;

function bindSetupPage(
  app: FastifyInstance,
  { channelSetup, channelKind }: SetupPageDeps,
  budgets: BodyBudgets,
  kind: SetupKind,
): void {
  const path = setupPath(kind.kind);

  app.get(path, async (request, reply) => {
    const opened = channelSetup.begin(kind, queryOf(request, kind));
    if ('status' in opened) return sendNotice(request, reply, opened);
    const title = `Connect a ${channelKind.displayName} bot`;
    return sendPage(reply, 200, title, formOf(kind, channelKind, opened), opened.returnUrl);
  });

  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    allowForm(request, reply, budgets);
  };
  app.post(path, { onRequest }, async (request, reply) => {
    const form = fieldsOf(request);
    const visitor = { botToken: form.get('bot_token') ?? '', address: request.ip };
    const finished = await channelSetup.finish(kind, queryOf(request, kind), visitor);
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

/** Posted to the address of the page itself, whose query the provider made. Shows nothing that is not in the address. */
function formOf(
  { displayName, setup }: SetupKind,
  { displayName: channelName, tokenIssuer, tokenMenu: [command, steps] }: ChannelKind,
  { account }: SetupVisit,
): string {
  return `<p>Its conversations will appear in the inbox that you chose in ${displayName} (${setup.accountNoun} ${escapeHtml(account)}).</p>
<form method="post">
<p><label for="bot_token">The token of the bot, from <strong>@${tokenIssuer}</strong> in ${channelName} (<code>${command}</code>, ${steps}):</label><br>
<input id="bot_token" name="bot_token" type="password" autocomplete="off" required></p>
<p><button>Connect the bot</button></p>
</form>`;
}

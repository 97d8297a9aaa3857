import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ChannelSetup, SetupQuery } from '../operations/connections/channel-setup.ts';
import { escapeHtml, redirectBrowser, sendNotice, sendPage } from './connect-page.ts';

const path = '/connect/hubspot/channel';
const names = ['accountToken', 'channelId', 'inboxId', 'portalId', 'redirectUrl'] as const;
const formLimitBytes = 8 * 1024;

/** The page to which HubSpot's inbox settings send an admin. It asks for the bot's token and sends the browser back. */
export function bindSetupPage(app: FastifyInstance, { channelSetup }: { readonly channelSetup: ChannelSetup }): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: formLimitBytes } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, text, done) => done(null, text));

  app.get(path, async (request, reply) => {
    const begun = await channelSetup.begin(queryOf(request));
    if ('status' in begun) return sendNotice(request, reply, begun);
    const { workspaceName, query } = begun;
    const form = formOf(workspaceName, query.portalId);
    return sendPage(reply, 200, 'Connect a Telegram bot', form, new URL(query.redirectUrl).origin);
  });

  app.post(path, async (request, reply) => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const finished = await channelSetup.finish(queryOf(request), form.get('bot_token') ?? '');
    return 'status' in finished ? sendNotice(request, reply, finished) : redirectBrowser(reply, finished.url, 303);
  });
}

function queryOf(request: FastifyRequest): Partial<SetupQuery> {
  const query = request.query as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

/** The form is posted to the address of the page, which carries HubSpot's query. */
const formOf = (workspaceName: string, portalId: string): string =>
  `<p>Its conversations will appear in the inbox that you chose in HubSpot (portal ${escapeHtml(portalId)}, “${escapeHtml(workspaceName)}”).</p>
<form method="post">
<p><label for="bot_token">The token of the bot, from <strong>@BotFather</strong> in Telegram (<code>/mybots</code>, your bot, API Token):</label><br>
<input id="bot_token" name="bot_token" type="password" autocomplete="off" required></p>
<p><button>Connect the bot</button></p>
</form>`;

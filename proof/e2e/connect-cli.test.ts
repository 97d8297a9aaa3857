import { createBrowser } from '@chatferry/sandbox';
import { adminToken } from '@chatferry/testkit/rigs/rig';
import { commands } from 'chatferry/internal/commands';
import { run } from 'chatferry/internal/run';
import { describe, expect, it } from 'vitest';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { hubspot, telegram } = rig.sandbox;

/** A command in a terminal without input; `said` grows while it runs. */
function chatferry(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const ended = run(args, {
    commands,
    nowMs: Date.now,
    env: { CHATFERRY_URL: rig.url, CHATFERRY_ADMIN_TOKEN: adminToken },
    terminal: {
      isInteractive: false,
      isKeyboard: false,
      hasScreen: false,
      hasColours: false,
      print: (text) => {
        said.out += text;
      },
      warn: (text) => {
        said.err += text;
      },
      ask: () => Promise.reject(new Error('no answer')),
      choose: () => Promise.reject(new Error('no answer')),
      readPrivateFile: () => Promise.resolve(undefined),
      writePrivateFile: () => Promise.reject(new Error('there are no files')),
      untilInterrupted: () => AbortSignal.abort(),
      readStdin: () => Promise.resolve(''),
      readFile: () => Promise.reject(new Error('there are no files')),
    },
  });
  return { said, ended };
}

const linkIn = (text: string): string => {
  const [link] = /http\S+\/connect\/start\/\S+/.exec(text) ?? [];
  if (link === undefined) throw new Error(`there is no link in: ${text}`);
  return link;
};
const install = async (link: string, portalId: string) => {
  const browser = createBrowser();
  return browser.submit(await browser.open(link), { account: portalId, decision: 'grant' });
};
const credentialsOf = (portal: ReturnType<typeof hubspot.createPortal>) => [
  ...['--client-id', portal.client_id, '--client-secret', portal.client_secret],
  ...['--developer-api-key', portal.developer_api_key],
];

describe('a person who connects HubSpot on the command line', () => {
  it('gets the redirect address, the scopes and the link first, and the inboxes to choose from afterwards', async () => {
    const portal = hubspot.createPortal({ inboxes: [{ name: 'Sales' }, { name: 'Help', type: 'HELP_DESK' }] });
    const connect = ['workspaces', 'connect', '--kind', 'hubspot', '--name', 'Support', ...credentialsOf(portal)];
    const { said, ended } = chatferry(...connect, '--wait');
    const link = await eventually(() => linkIn(said.err));
    expect(said.err).toContain(`${rig.url}/connect/hubspot/callback`);
    expect(said.err).toContain('conversations.custom_channels.write');
    await install(link, portal.portal_id);
    expect(await ended).toBe(0);
    expect(said.out).toMatch(/Support is connected as wsp_/);
    for (const { id, name } of portal.inboxes) expect(said.out).toMatch(new RegExp(`${id} +${name}`));

    const [, workspaceId = ''] = /(wsp_\w+)/.exec(said.out) ?? [];
    const help = portal.inboxes[1]?.id ?? '';
    const token = telegram.createBot().token;
    const create = ['channels', 'create', '--workspace', workspaceId, '--bot-token', token, '--updates', 'polling'];
    const undecided = chatferry(...create);
    expect(await undecided.ended).toBe(1);
    expect(undecided.said.err).toContain(`${help} (Help)`);
    expect(await chatferry(...create, '--inbox', help).ended).toBe(0);
    const listed = chatferry('workspaces', 'inboxes', workspaceId);
    expect([await listed.ended, listed.said.out]).toEqual([0, expect.stringContaining('help_desk')]);
  });

  it('can see the result later, and why an install failed', async () => {
    const portal = hubspot.createPortal({ options: { withheldScopes: ['files'] } });
    const begun = chatferry('workspaces', 'connect', '--kind', 'hubspot', ...credentialsOf(portal));
    expect(await begun.ended).toBe(0);
    const [, id = ''] = /workspaces connection (con_\w+)/.exec(begun.said.out) ?? [];
    const waiting = chatferry('workspaces', 'connection', id, '--wait');
    await install(linkIn(begun.said.out), portal.portal_id);
    expect(await waiting.ended).toBe(1);
    expect(waiting.said.out).toContain('missing: files');
  });
});

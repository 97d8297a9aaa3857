import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { intercom, telegram } = rig.sandbox;

/** A server inside the gateway's network: it has a secret, and answers like an inbox for all else. */
const metadata = '/latest/meta-data/iam/security-credentials';
const asked: string[] = [];
let connections = 0;
const inner = createServer(async (request, response) => {
  asked.push(`${request.url}`);
  if (request.url === metadata) return void response.end('secret of the metadata service');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await fetch(`${rig.sandbox.url}/intercom${request.url}`, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `${request.headers.authorization}`,
      'content-type': 'application/json',
      'intercom-version': `${request.headers['intercom-version']}`,
    },
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
});
inner.on('connection', () => {
  connections += 1;
});
let innerOrigin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  innerOrigin = `http://127.0.0.1:${(inner.address() as AddressInfo).port}`;
});
afterAll(() => void inner.close());

describe('a server inside the network of the gateway', () => {
  it('is not called by a workspace or a channel that names it, and the answer says what the operator can do', async () => {
    const { access_token, client_secret } = intercom.createWorkspace();
    const inbox = { kind: 'intercom', access_token, client_secret, base_url: innerOrigin };
    const created = await rig.admin('/api/v1/workspaces', { body: { name: 'Inner', inbox } });
    const desk = await openAgentsDesk(rig, 'intercom');
    const moved = await rig.admin(`/api/v1/channels/${desk.bot.channelId}`, {
      method: 'PATCH',
      body: { bot_token: desk.bot.token, api_root: innerOrigin },
    });
    for (const { status, body } of [created, moved]) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body.error).toContain(`add ${innerOrigin} to CHATFERRY_ALLOWED_PRIVATE_ORIGINS`);
    }
    expect(connections).toBe(0);
  });

  it('gives no file to a self-signed reply of a workspace whose inbox it is, unless the operator allows it', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const [conversation] = await eventually(() => {
      expect(desk.conversations()).toHaveLength(1);
      return desk.conversations();
    });
    await rig.reconfigure({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: innerOrigin });
    const inbox = { kind: 'intercom', access_token: desk.accessToken, base_url: innerOrigin };
    const moved = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`, { method: 'PATCH', body: { inbox } });
    expect(moved.status).toBe(200);
    await rig.reconfigure({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: '' });
    const before = connections;
    const attach = (name: string) =>
      intercom.reply(desk.accountId, conversation?.id ?? '', {
        attachments: [{ name, url: `${innerOrigin}${metadata}` }],
      });
    const received = () => telegram.sent(customer.at).flatMap(({ file }) => (file ? [file.file_name] : []));

    attach('stolen.txt');
    await eventually(() => expect(rig.logLines.join('\n')).toContain('CHATFERRY_ALLOWED_PRIVATE_ORIGINS'));
    expect([received(), connections]).toEqual([[], before]);

    await rig.reconfigure({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: innerOrigin });
    attach('allowed.txt');
    await eventually(() => expect(received()).toContain('allowed.txt'));
    expect(asked).toContain(metadata);
  });
});

import { type OperationSpec, operations } from '@chatferry/contract';
import { adminToken, type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_PUBLIC_URL: 'http://127.0.0.1:1' });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const specs: readonly OperationSpec[] = Object.values(operations);
/** NUL alone and within a text, and half of a surrogate pair in UTF-8 (which is no valid UTF-8). */
const texts = ['%00', 'a%00b', '%ED%A0%80'];
const fields = [
  'limit',
  'cursor',
  'state',
  'workspace_id',
  'channel_id',
  'chat_id',
  'object',
  'actor',
  'action',
  'since',
];

/** What a caller can put into a path or a query of an operation. */
const addressesOf = ({ path }: OperationSpec): readonly string[] =>
  texts.flatMap((text) => {
    const filled = path.replaceAll(/\{[a-z_]+\}/g, text);
    const known = path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) =>
      String({ ...bot, message_id: '1' }[name] ?? text),
    );
    return [filled, ...fields.map((field) => `${known}?${field}=${text}`)];
  });

async function assertHarmless(path: string, options: RequestInit): Promise<void> {
  const answer = await fetch(`${rig.url}${path}`, { redirect: 'manual', ...options });
  await answer.text();
  expect([path, answer.status < 500]).toEqual([path, true]);
}

const isFailure = (line: string): boolean => line.includes('request.failed') || line.includes('hook.failed');

describe('a text that the database does not store', () => {
  const named = specs.map((spec) => [`${spec.method} ${spec.path}`, spec] as const);

  it.each(named)('in the address of %s is answered as the caller’s mistake', async (_name, spec) => {
    const authorization = `Bearer ${spec.auth === 'key' ? bot.key : adminToken}`;
    const headers = { authorization, 'content-type': 'application/json' };
    for (const path of addressesOf(spec))
      await assertHarmless(path, {
        method: spec.method,
        headers,
        ...(spec.body === undefined ? {} : { body: '{}' }),
      });
    expect(rig.logLines.filter(isFailure)).toEqual([]);
  });

  it.each(texts)('in the address of a page or a webhook is answered as the caller’s mistake: %s', async (text) => {
    const setup = 'accountToken=a&channelId=1&inboxId=1&redirectUrl=https://app.hubspot.com/';
    const form = new URLSearchParams({ bot_token: `1000000:${'A'.repeat(35)}` });
    for (const path of [
      `/connect/start/${text}`,
      `/connect/intercom/callback?code=${text}&state=${text}`,
      `/connect/hubspot/callback?code=c&state=con_${text}.proof`,
      `/connect/hubspot/callback?error=${text}&error_description=${text}&state=${text}`,
      `/connect/hubspot/channel?${setup}&portalId=${text}`,
      `/sign-in/oidc/callback?code=${text}&state=${text}`,
    ])
      await assertHarmless(path, { headers: { cookie: 'chatferry_browser=aaaaaaaaaaaaaaaaaaaaaaaa' } });
    for (const portal of [text, `1${text}`])
      await assertHarmless(`/connect/hubspot/channel?${setup}&portalId=${portal}`, { method: 'POST', body: form });
    for (const path of [`/hooks/telegram/${text}`, `/hooks/intercom/${text}`, `/hooks/hubspot/${text}`])
      await assertHarmless(path, {
        method: 'POST',
        body: '{}',
        headers: { 'x-hub-signature': `sha1=${'0'.repeat(40)}` },
      });
    expect(rig.logLines.filter(isFailure)).toEqual([]);
  });

  it('in a secret of a header or a cookie is answered as an unknown secret', async () => {
    for (const text of [...texts, '\u00ff']) {
      const headers: readonly Readonly<Record<string, string>>[] = [
        { 'x-octopods-auth': text },
        { authorization: `Bearer ${text}` },
        { authorization: `Bearer cft_${text}` },
        { cookie: `__Host-chatferry=${text}` },
        { cookie: `__Host-chatferry=${'a'.repeat(43)}${text}` },
      ];
      for (const header of headers) {
        const { status } = await fetch(`${rig.url}/api/v1/keys`, { headers: header });
        expect([header, status]).toEqual([header, 401]);
      }
    }
    expect(rig.logLines.filter(isFailure)).toEqual([]);
  });
});

import { type ConnectedBot, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Sends a photo as a customer, and resolves with the file that the API shows. */
async function aPhoto() {
  const customer = newCustomer(rig, bot);
  rig.sandbox.telegram.file(customer.at, {
    kind: 'document',
    bytes: picture,
    file_name: 'invoice 1.gif',
    caption: 'Look',
  });
  const files = async () => {
    const { body } = await rig.call(`/api/v1/chats/${customer.chatId}/messages`, {
      headers: { 'x-octopods-auth': bot.key },
    });
    return body.data.at(0)?.files ?? [];
  };
  await expect.poll(files, { timeout: 30_000 }).toHaveLength(1);
  return (await files())[0] as { readonly url: string; readonly file_name: string; readonly kind: string };
}

const pathOf = (url: string) => new URL(url).pathname;
const download = (path: string) => fetch(new URL(path, rig.url));

describe('the address of a file that a customer sent', () => {
  it('gives its bytes to a caller who has the address, without a key and without the bot’s token', async () => {
    const file = await aPhoto();
    expect([file.kind, file.file_name, file.url.includes(bot.token)]).toEqual(['document', 'invoice 1.gif', false]);
    const answer = await download(pathOf(file.url));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true);
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''invoice%201.gif");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives nothing once a character of it was changed', async () => {
    const path = pathOf((await aPhoto()).url);
    const [, id = '', index = '', until = '', signature = ''] = /^\/files\/(\d+)-(\d+)-(\d+)-(.+)$/.exec(path) ?? [];
    const forged = [
      `${Number(id) + 1}-${index}-${until}-${signature}`,
      `${id}-${Number(index) + 1}-${until}-${signature}`,
      `${id}-${index}-${Number(until) + 1}-${signature}`,
      `${id}-${index}-${until}-${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${id}-${index}-${until}`,
    ];
    for (const link of forged) expect([link, (await download(`/files/${link}`)).status]).toEqual([link, 404]);
  });

  it('says that the message is gone after its customer was erased', async () => {
    const path = pathOf((await aPhoto()).url);
    await rig.database.pool.query('delete from messages where workspace_id = $1', [bot.workspaceId]);
    const answer = await download(path);
    expect([answer.status, ((await answer.json()) as { readonly error: string }).error]).toEqual([
      404,
      expect.stringContaining('not stored any more'),
    ]);
  });
});

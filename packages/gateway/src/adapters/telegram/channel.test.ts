import type { Effect } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { type ChannelScene, channelConformance, type Trouble } from '@chatferry/testkit/conformance/channel';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { BoundSecret } from '../../ports/secret.ts';
import { createTransport } from '../http/transport.ts';
import { telegramAdapter } from './adapter.ts';

const badGateway = { status: 502, body: '<html>Bad Gateway</html>' };
const tooMany = {
  status: 429,
  body: {
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 3',
    parameters: { retry_after: 3 },
  },
};

const effects: Readonly<Record<Trouble, Effect>> = {
  'rate-limited': { kind: 'answer-before', answer: tooMany },
  'cut-before': { kind: 'reset-before' },
  'cut-after': { kind: 'reset-after' },
  'truncated-after': { kind: 'truncate-after' },
  'bad-gateway-before': { kind: 'answer-before', answer: badGateway },
  'bad-gateway-after': { kind: 'answer-after', answer: badGateway },
  'silence-after': { kind: 'hang-after' },
};

channelConformance('the Telegram adapter', async (): Promise<ChannelScene> => {
  const clock = createManualClock();
  const transport = createTransport({ clock, policy: anyAddress });
  const sandbox = createWatchedSandbox();
  const root = `${await sandbox.listen()}/telegram`;
  const { telegram, faults, feed } = sandbox;
  const bot = telegram.createBot({ supports_inline_queries: true });
  const customer = telegram.createChat({ bot_id: bot.id });
  const stranger = telegram.createChat({ bot_id: bot.id, started: false });
  const at = { bot_id: bot.id, chat_id: customer.chat.id };
  const fromBot = () => telegram.transcript(at).messages.filter(({ sender }) => sender === 'bot');

  return {
    kind: telegramAdapter.connect({ transport }),
    credential: { token: new BoundSecret(bot.token, [root]), apiRoot: root, fileRoot: root },
    botId: String(bot.id),
    chatId: String(at.chat_id),
    strangerId: String(stranger.chat.id),
    nobodyId: '4503599627370495',
    deadRoot: 'http://127.0.0.1:1',
    seen: () => fromBot().map(({ text }) => text ?? ''),
    async sawMessages(count) {
      await feed.waitFor(() => fromBot().length >= count);
    },
    trouble: (next) =>
      faults.inject({ provider: 'telegram', operation: 'sendMessage', times: 1, effect: effects[next] }),
    passTime: (byMs) => clock.advance(byMs),
    revoke: () => telegram.changeBot(bot.id, { revoked: true }),
    sendsFile: (bytes, size) => void telegram.file(at, { kind: 'document', bytes, size }),
    says: (text) => void telegram.text(at, { text }),
    tapsFirstButton: () => void telegram.tap(at, { message_id: fromBot().at(-1)?.message_id ?? 0, row: 0, column: 0 }),
    asksInline: (query) => void telegram.draft(at, { text: `@${bot.username} ${query}` }),
    suggestions: () => telegram.transcript(at).inline_results?.map(({ title }) => title) ?? [],
    picksSuggestion: () => void telegram.chooseResult(at, { index: 0 }),
    blocks: () => void telegram.block(at),
    unblocks: () => void telegram.unblock(at),
    makesGroup() {
      const { chat } = telegram.createChat({ bot_id: bot.id, type: 'group', title: 'Orders' });
      const chatId = String(chat.id);
      return { chatId, moves: () => String(telegram.migrate({ bot_id: bot.id, chat_id: chat.id }).chat_id) };
    },
    async close() {
      await transport.close();
      await sandbox.close();
    },
  };
});

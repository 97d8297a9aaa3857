import type { At, Effect, Sandbox } from '@chatferry/sandbox';
import type { Answer, ProcessRig, RunningGateway } from './process-rig.ts';

/** A bot of a gateway process, with its inbox. */
export interface ProcessBot {
  readonly key: string;
  readonly botId: number;
  /** A new chat, of a person who pressed Start. */
  newChat(): At;
  /** What Telegram has accepted for a chat, in order. */
  textsIn(at: At): readonly string[];
  /** All entries of the inbox, in order. */
  entries(): readonly string[];
  /** The outbound messages of a chat as the API lists them, the newest first. */
  listMessages(gateway: RunningGateway, at: At): Promise<readonly StoredMessage[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: a message is what the test says it is.
type StoredMessage = any;

/** A simulated bot, connected to a simulated Intercom workspace through the management API. */
export async function connectBot({ sandbox }: ProcessRig, gateway: RunningGateway): Promise<ProcessBot> {
  const { telegram, intercom } = sandbox;
  const { access_token, workspace_id: intercomId } = intercom.createWorkspace();
  const bot = telegram.createBot();
  const inbox = { kind: 'intercom', access_token };
  const workspace = await gateway.admin('/api/v1/workspaces', { name: 'Acme', inbox });
  const channel = await gateway.admin('/api/v1/channels', { workspace_id: workspace.body.id, bot_token: bot.token });
  if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify([workspace.body, channel.body])}`);
  const key: string = channel.body.key.secret;
  return {
    key,
    botId: bot.id,
    newChat: () => ({
      bot_id: bot.id,
      chat_id: telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } }).chat_id,
    }),
    textsIn: (at) => telegram.sent(at).map(({ text }) => text ?? ''),
    entries: () =>
      intercom
        .conversations(intercomId)
        .flatMap(({ id }) => intercom.transcript(intercomId, id).entries.map(({ text }) => text)),
    async listMessages(reader, { chat_id }) {
      const { body } = await reader.call(`/api/v1/messages?chat_id=${chat_id}`, { key });
      return body.data.filter(({ direction }: StoredMessage) => direction === 'outbound');
    },
  };
}

export const sendTo = (gateway: RunningGateway, { key }: ProcessBot, { chat_id }: At, text: string): Promise<Answer> =>
  gateway.call('/api/v1/telegram/interactive', {
    key,
    body: {
      destination_user_id: chat_id,
      telegram_interactive_message: {
        type: 'reply_buttons',
        text,
        reply_markup: { inline_keyboard: [[{ text: 'Track order', url: 'https://example.com/track' }]] },
      },
    },
  });

/** The next message that Telegram gets for this chat meets the fault. */
export const disturbSend = ({ faults }: Sandbox, { chat_id }: At, effect: Effect): void =>
  faults.inject({ provider: 'telegram', operation: 'sendMessage', subject: String(chat_id), times: 1, effect });

/** Every call to Intercom meets the fault, until the faults are cleared. */
export const disturbIntercom = ({ faults }: Sandbox, effect: Effect): void =>
  faults.inject({ provider: 'intercom', operation: '*', times: 10_000, effect });

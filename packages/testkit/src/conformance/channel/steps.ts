import type { TelegramInteractiveMessage } from '@chatferry/contract';
import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { DecodedUpdate } from '@chatferry/gateway/internal/core/message/inbound';
import type { CallOutcome, ChannelCredential } from '@chatferry/gateway/internal/ports/channel';
import { BoundSecret } from '@chatferry/gateway/internal/ports/secret';
import type { Around, ChannelScene } from './scene.ts';

export const limitMs = 10_000;

export const hello: TelegramInteractiveMessage = {
  type: 'reply_buttons',
  text: 'Hello',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Yes', callback_data: 'y' },
        { text: 'Help', switch_inline_query_current_chat: 'help 1' },
      ],
    ],
  },
};

export const sendTo = ({ scene, channel }: Around, chatId: string): Promise<SendOutcome> =>
  channel().send(scene().kind.encode(chatId, hello).wire, limitMs);

export function unwrap<T>(outcome: CallOutcome<T>): T {
  if (outcome.kind !== 'ok') throw new Error(`${outcome.kind}: ${outcome.detail}`);
  return outcome.value;
}

export const contentsOf = (decoded: readonly DecodedUpdate[]): unknown[] =>
  decoded.map((update) => (update.kind === 'event' ? update.event.content : update));

/** The scene's credential for a server that does not answer, which its token was given for too. */
export const deadCredential = ({ credential, deadRoot }: ChannelScene): ChannelCredential => ({
  ...credential,
  apiRoot: deadRoot,
  token: new BoundSecret(credential.token.revealFor(credential.apiRoot), [deadRoot]),
});

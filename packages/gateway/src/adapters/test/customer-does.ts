import type { TelegramSimulator } from '@chatferry/sandbox/telegram';
import type { ButtonPlace, CustomerAction, CustomerDeed } from '../../ports/test-phones.ts';

interface At {
  readonly bot_id: number;
  readonly chat_id: number;
}

/** Does it on the simulated phone. Throws `ControlError` where the app of a customer would not allow it. */
export function customerDoes(telegram: TelegramSimulator, at: At, action: CustomerAction): CustomerDeed {
  switch (action.kind) {
    case 'start':
      return sent(telegram.start(at, { payload: action.payload }));
    case 'text':
      return sent(telegram.text(at, { text: action.text }));
    case 'contact':
      return sent(telegram.shareContact(at, { phone_number: action.phoneNumber?.replace('+', '') }));
    case 'location':
      return sent(telegram.shareLocation(at, { latitude: action.latitude, longitude: action.longitude }));
    case 'block':
    case 'unblock':
      if (at.chat_id < 0)
        return { kind: 'impossible', detail: 'Only a person can block a bot, and this chat is a group.' };
      telegram[action.kind](at);
      return told;
    case 'tap':
      return tap(telegram, at, action.at);
  }
}

const told: CustomerDeed = { kind: 'done', effect: 'update', value: null, channelMessageId: null };

const sent = ({ message_id: id }: { readonly message_id: number }): CustomerDeed => ({
  ...told,
  channelMessageId: String(id),
});

function tap(telegram: TelegramSimulator, at: At, { channelMessageId, row, column }: ButtonPlace): CustomerDeed {
  const place = { message_id: Number(channelMessageId), row, column };
  const transcript = telegram.transcript(at);
  if (transcript.reply_keyboard?.message_id === place.message_id) return sent(telegram.pressKey(at, place));
  const { effect, value } = telegram.tap(at, place);
  return effect === 'callback-query' ? told : { kind: 'done', effect, value, channelMessageId: null };
}

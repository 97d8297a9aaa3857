import { sendExamples } from '@chatferry/contract';
import { examplePicture, type Transcript } from '@chatferry/sandbox';
import { DemoFailure } from './demo-failure.ts';
import type { Play } from './play.ts';
import type { Stage } from './stage.ts';

/** One conversation with everything that interactive messages can do: the five messages of the API's reference, and an agent's answer. */
export async function playScene(stage: Stage, play: Play): Promise<void> {
  const { telegram } = stage.sandbox;
  const { at, otherSender, customerPhone } = stage;
  const messageOf = (name: keyof typeof sendExamples) => sendExamples[name].value.telegram_interactive_message;

  await play.customer('presses Start', () => telegram.start(at), ['started the bot']);

  await play.send(messageOf('inlineButtons'), otherSender);
  await play.customerAlone('taps [ Track order ]: the browser opens, and no bot learns of it', (phone) =>
    telegram.tap(at, placeOf(phone, 'Track order')),
  );
  await answerByButton(stage, play, 'Need help', 'help order ORD-9876');

  await play.send(messageOf('replyKeyboard'), otherSender);
  const press = (key: string, words: readonly string[]) =>
    play.customer(`presses ( ${key} )`, (phone) => telegram.pressKey(at, keyPlaceOf(phone, key)), words);
  await press('Track my order', ['Track my order']);
  await press('Share my number', [stage.customer, customerPhone]);
  await press('Share my location', ['52.520008', '13.404954']);

  await play.send(messageOf('removeKeyboard'), null);
  await play.phoneShows('no keyboard any more', (phone) => phone.reply_keyboard === null || null);

  await play.send(messageOf('forceReply'), otherSender);
  await play.customer(
    'writes “ORD-9876” into the reply that the app has opened',
    () => telegram.text(at, { text: 'ORD-9876' }),
    [messageOf('forceReply').text, 'ORD-9876'],
  );

  await play.send(messageOf('twoChoices'), otherSender);
  await answerByButton(stage, play, 'Confirm', 'confirm');

  const photo = { kind: 'photo', bytes: examplePicture(), caption: 'It came like this' } as const;
  await play.customer('sends a photo of a torn parcel', () => telegram.file(at, photo), [
    photo.caption,
    'sent a photo',
    `photo.png, ${photo.bytes.length} bytes`,
  ]);
  await play.agent(stage.otherSender, 'Thanks, a new one arrives tomorrow');

  await play.reported('blocks the bot', () => telegram.block(at), ['blocked the bot']);
  await play.refused(stage.otherSender, 'Did it arrive?', 'the customer has blocked the bot');
  await play.reported('unblocks the bot', () => telegram.unblock(at), ['unblocked the bot']);
}

/** A suggested reply: sent as it stands, or chosen from what the bot offers where inline mode is on. */
async function answerByButton(stage: Stage, play: Play, label: string, query: string): Promise<void> {
  const { telegram } = stage.sandbox;
  const { at, botUsername } = stage;
  const draft = `@${botUsername} ${query}`;
  await play.customerAlone(`taps [ ${label} ]: the app drafts “${draft}”`, (phone) =>
    telegram.tap(at, placeOf(phone, label)),
  );
  await play.phoneShows(`the draft “${draft}”`, (phone) => phone.draft === draft || null);
  const words = [query, label];
  if (!stage.inlineMode) return play.customer('presses Send', () => telegram.sendDraft(at), words);
  const [result] = await play.phoneShows('the bot’s offer for the draft', (phone) => phone.inline_results);
  return play.customer(
    `chooses what the bot offers: “${result?.title}”`,
    () => telegram.chooseResult(at, { index: 0 }),
    words,
  );
}

function placeOf(phone: Transcript, label: string) {
  for (const { message_id, reply_markup } of phone.messages.toReversed()) {
    if (!reply_markup || !('inline_keyboard' in reply_markup)) continue;
    const place = find(reply_markup.inline_keyboard, label);
    if (place) return { message_id, ...place };
  }
  throw new DemoFailure(`The customer’s app shows no button “${label}”`);
}

function keyPlaceOf(phone: Transcript, label: string) {
  const { reply_keyboard: shown } = phone;
  const place = find(shown?.keyboard ?? [], label);
  if (shown && place) return { message_id: shown.message_id, ...place };
  throw new DemoFailure(`The customer’s app shows no key “${label}”`);
}

function find(rows: readonly (readonly { readonly text: string }[])[], label: string) {
  for (const [row, controls] of rows.entries()) {
    const column = controls.findIndex((control) => control.text === label);
    if (column >= 0) return { row, column };
  }
  return null;
}

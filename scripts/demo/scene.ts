import { sendExamples } from '@chatferry/contract';
import { examplePicture, type Transcript } from '@chatferry/sandbox';
import { type Act, answer, answerInVain, send, useApp, waitForApp } from './act.ts';
import { DemoFailure } from './demo-failure.ts';

const exampleMessage = (name: keyof typeof sendExamples) => sendExamples[name].value.telegram_interactive_message;

/** One conversation with all that interactive messages can do: the five messages of the API's reference, and an agent's answers. */
export async function playScene(act: Act): Promise<void> {
  const { stage } = act;
  const { telegram } = stage.sandbox;
  const { at, otherSender, customerPhone } = stage;

  await useApp(act, 'presses Start', () => telegram.start(at), { words: ['started the bot'] });

  await send(act, exampleMessage('inlineButtons'), otherSender);
  const tapTrack = (phone: Transcript) => telegram.tap(at, findButton(phone, 'Track order'));
  await useApp(act, 'taps [ Track order ]: the browser opens, and the bot is not told', tapTrack, null);
  await answerByButton(act, 'Need help', 'help order ORD-9876');

  await send(act, exampleMessage('replyKeyboard'), otherSender);
  await pressKey(act, 'Track my order', ['Track my order']);
  await pressKey(act, 'Share my number', [stage.customer, customerPhone]);
  await pressKey(act, 'Share my location', ['52.520008', '13.404954']);

  await send(act, exampleMessage('removeKeyboard'), null);
  await waitForApp(act, 'no keyboard any more', (phone) => phone.reply_keyboard === null || null);

  await send(act, exampleMessage('forceReply'), otherSender);
  const reply = () => telegram.text(at, { text: 'ORD-9876' });
  await useApp(act, 'writes “ORD-9876” into the reply that the app has opened', reply, {
    words: [exampleMessage('forceReply').text, 'ORD-9876'],
  });

  await send(act, exampleMessage('twoChoices'), otherSender);
  await answerByButton(act, 'Confirm', 'confirm');

  const photo = { kind: 'photo', bytes: examplePicture(), caption: 'It came like this' } as const;
  await useApp(act, 'sends a photo of a torn parcel', () => telegram.file(at, photo), {
    words: [photo.caption, 'sent a photo', `photo.png, ${photo.bytes.length} bytes`],
  });
  await answer(act, otherSender, 'Thanks, a new one arrives tomorrow');

  await useApp(act, 'blocks the bot', () => telegram.block(at), { words: ['blocked the bot'], isNote: true });
  await answerInVain(act, otherSender, 'Did it arrive?', 'the customer has blocked the bot');
  await useApp(act, 'unblocks the bot', () => telegram.unblock(at), { words: ['unblocked the bot'], isNote: true });
}

function pressKey(act: Act, key: string, words: readonly string[]): Promise<void> {
  const { sandbox, at } = act.stage;
  return useApp(act, `presses ( ${key} )`, (phone) => sandbox.telegram.pressKey(at, findKey(phone, key)), { words });
}

/** A suggested reply: sent unchanged, or chosen from what the bot offers when it has inline mode. */
async function answerByButton(act: Act, label: string, query: string): Promise<void> {
  const { sandbox, at, botUsername, hasInlineMode } = act.stage;
  const { telegram } = sandbox;
  const draft = `@${botUsername} ${query}`;
  const tap = (phone: Transcript) => telegram.tap(at, findButton(phone, label));
  await useApp(act, `taps [ ${label} ]: the app drafts “${draft}”`, tap, null);
  await waitForApp(act, `the draft “${draft}”`, (phone) => phone.draft === draft || null);
  const entry = { words: [query, label] };
  if (!hasInlineMode) return useApp(act, 'presses Send', () => telegram.sendDraft(at), entry);
  const [result] = await waitForApp(act, 'the bot’s offer for the draft', (phone) => phone.inline_results ?? null);
  const choose = () => telegram.chooseResult(at, { index: 0 });
  return useApp(act, `chooses what the bot offers: “${result?.title}”`, choose, entry);
}

function findButton(phone: Transcript, label: string) {
  for (const { message_id, reply_markup } of phone.messages.toReversed()) {
    const place =
      reply_markup && 'inline_keyboard' in reply_markup ? findPlace(reply_markup.inline_keyboard, label) : null;
    if (place) return { message_id, ...place };
  }
  throw new DemoFailure(`The customer’s app shows no button “${label}”`);
}

function findKey({ reply_keyboard: shown }: Transcript, label: string) {
  const place = shown ? findPlace(shown.keyboard, label) : null;
  if (shown && place) return { message_id: shown.message_id, ...place };
  throw new DemoFailure(`The customer’s app shows no key “${label}”`);
}

function findPlace(rows: readonly (readonly { readonly text: string }[])[], label: string) {
  const row = rows.findIndex((controls) => controls.some(({ text }) => text === label));
  return row < 0 ? null : { row, column: rows[row]?.findIndex(({ text }) => text === label) ?? 0 };
}

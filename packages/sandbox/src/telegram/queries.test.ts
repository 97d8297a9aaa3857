import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid';

const sendButton = async (action: Readonly<Record<string, unknown>>) => {
  const { body } = await rig.call('sendMessage', {
    chat_id: 501,
    text: 'choose',
    reply_markup: { inline_keyboard: [[{ text: 'Yes', ...action }]] },
  });
  return { message_id: body.result.message_id as number, row: 0, column: 0 };
};

const lastUpdate = async () => (await rig.call('getUpdates', { offset: -1 })).body.result[0];

const transcript = () => rig.sandbox.telegram.transcript(rig.at);

describe('a tap on a callback button', () => {
  it('sends the bot a callback query with its message', async () => {
    const place = await sendButton({ callback_data: 'confirm:7' });
    const { callback_query_id } = rig.sandbox.telegram.tap(rig.at, place);
    expect((await lastUpdate()).callback_query).toMatchObject({
      id: callback_query_id,
      from: { id: 501 },
      data: 'confirm:7',
      message: { message_id: place.message_id, reply_markup: { inline_keyboard: [[{ text: 'Yes' }]] } },
    });
  });

  it('shows the answer, and accepts only one', async () => {
    const { callback_query_id } = rig.sandbox.telegram.tap(rig.at, await sendButton({ callback_data: 'a' }));
    const answer = () => rig.call('answerCallbackQuery', { callback_query_id, text: 'Done', show_alert: true });
    expect((await answer()).body.result).toBe(true);
    expect(transcript().notice).toEqual({ text: 'Done', show_alert: true });
    expect((await answer()).body.description).toBe(tooOld);
  });

  it('cannot be answered after 15 seconds', async () => {
    const { callback_query_id } = rig.sandbox.telegram.tap(rig.at, await sendButton({ callback_data: 'a' }));
    rig.clock.advance(15_001);
    expect((await rig.call('answerCallbackQuery', { callback_query_id })).body.description).toBe(tooOld);
  });

  it('expires after 150 seconds if the bot does not receive it', async () => {
    rig.sandbox.telegram.tap(rig.at, await sendButton({ callback_data: 'a' }));
    rig.clock.advance(150_000);
    const { body } = await rig.call('getUpdates');
    expect(body.result).toMatchObject([{ message: { text: '/start' } }]);
  });
});

describe('switch_inline_query_current_chat with inline mode off', () => {
  it('sends nothing until the customer presses Send, and then a plain text with a mention', async () => {
    const place = await sendButton({ switch_inline_query_current_chat: 'help order 9' });
    expect(rig.sandbox.telegram.tap(rig.at, place)).toEqual({ effect: 'drafted', value: '@acme_bot help order 9' });
    expect(transcript()).toMatchObject({ draft: '@acme_bot help order 9', inline_query_id: null });
    expect((await lastUpdate()).message.text).toBe('/start');
    rig.sandbox.telegram.sendDraft(rig.at);
    expect((await lastUpdate()).message).toMatchObject({
      text: '@acme_bot help order 9',
      entities: [{ type: 'mention', offset: 0, length: 9 }],
    });
    expect(transcript().draft).toBeNull();
  });

  it('does not allow answers to inline queries', async () => {
    const { body } = await rig.call('answerInlineQuery', { inline_query_id: '1', results: [] });
    expect(body.description).toBe('Bad Request: USER_BOT_INVALID');
  });
});

describe('switch_inline_query_current_chat with inline mode on', () => {
  const article = (id: string, text: string) => ({
    type: 'article',
    id,
    title: text,
    input_message_content: { message_text: text },
  });

  const tapSwitch = async () => {
    rig.sandbox.telegram.changeBot(rig.bot.id, { supports_inline_queries: true });
    rig.sandbox.telegram.tap(rig.at, await sendButton({ switch_inline_query_current_chat: 'help' }));
    return (await lastUpdate()).inline_query as { readonly id: string };
  };

  it('sends the bot an inline query, and the draft cannot be sent as text', async () => {
    expect(await tapSwitch()).toMatchObject({ query: 'help', chat_type: 'sender', from: { id: 501 }, offset: '' });
    expect(() => rig.sandbox.telegram.sendDraft(rig.at)).toThrow(/inline mode/);
  });

  it('sends the result that the customer chooses via the bot', async () => {
    const { id } = await tapSwitch();
    const { body } = await rig.call('answerInlineQuery', { inline_query_id: id, results: [article('1', 'help')] });
    expect(body).toEqual({ ok: true, result: true });
    expect(transcript().inline_results).toEqual([{ id: '1', title: 'help', message_text: 'help' }]);
    rig.sandbox.telegram.chooseResult(rig.at, { index: 0 });
    expect((await lastUpdate()).message).toMatchObject({
      text: 'help',
      via_bot: { id: rig.bot.id },
      from: { id: 501 },
    });
    expect(transcript()).toMatchObject({ draft: null, inline_results: null });
  });

  it('cannot be answered after 15 seconds', async () => {
    const { id } = await tapSwitch();
    rig.clock.advance(15_001);
    const { body } = await rig.call('answerInlineQuery', { inline_query_id: id, results: [] });
    expect(body.description).toBe(tooOld);
  });

  it.each([
    ['[', "can't parse JSON encoded inline query results"],
    [{}, 'expected an Array of inline query results'],
    [['a'], "can't parse inline query result: Inline query result must be an object"],
    [[{ id: '1' }], 'can\'t parse inline query result: Can\'t find field "type"'],
    [
      [{ type: 'hologram', id: '1' }],
      'can\'t parse inline query result: type "hologram" is unsupported for the inline query result',
    ],
    [[article('x'.repeat(65), 'a')], 'RESULT_ID_INVALID'],
    [[article('1', 'a'), article('1', 'b')], 'RESULT_ID_DUPLICATE'],
  ])('refuses the results %j', async (results, description) => {
    const { id } = await tapSwitch();
    const { body } = await rig.call('answerInlineQuery', { inline_query_id: id, results });
    expect(body.description).toBe(`Bad Request: ${description}`);
  });
});

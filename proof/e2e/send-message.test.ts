import { type Answer, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();
const { telegram } = rig.sandbox;
const bot = await connectBot(rig);
const person = () => newCustomer(rig, bot);
const post = (body: unknown, headers: Readonly<Record<string, string>> = {}, path = '/api/v1/messages') =>
  rig.call(path, { body, headers: { 'x-octopods-auth': bot.key, ...headers } });
const lastCall = () =>
  telegram
    .calls({ bot_id: bot.botId })
    .filter(({ method }) => method.startsWith('send'))
    .at(-1);
const callsMade = () => telegram.calls({ bot_id: bot.botId }).length;
const pointersOf = ({ body }: Answer): readonly string[] =>
  body.details.map(({ pointer }: { readonly pointer: string }) => pointer);

describe('a plain text', () => {
  it('arrives as it was written, and the answer is the message that GET shows', async () => {
    const { chatId, at } = person();
    const { status, body } = await post({ to: chatId, text: ' <b>Hi</b> *you*', metadata: { order: 'A-1' } });
    expect(status).toBe(201);
    expect(telegram.sent(at)).toMatchObject([{ text: '<b>Hi</b> *you*' }]);
    expect(lastCall()?.parameters).toEqual({ chat_id: Number(chatId), text: ' <b>Hi</b> *you*' });
    expect(body).toMatchObject({
      state: 'sent',
      kind: 'text',
      chat_id: chatId,
      text: '<b>Hi</b> *you*',
      metadata: { order: 'A-1' },
      inbox: 'record',
      buttons: null,
      channel_message_ids: [body.channel_message_id],
    });
    const shown = await rig.call(`/api/v1/messages/${body.id}`, { headers: { 'x-octopods-auth': bot.key } });
    expect(shown.body).toMatchObject({ id: body.id, metadata: { order: 'A-1' }, text: '<b>Hi</b> *you*' });
  });

  it('is sent once under one Idempotency-Key, and the repetition gets the same message', async () => {
    const { chatId, at } = person();
    const key = { 'idempotency-key': 'once-1' };
    const first = await post({ to: chatId, text: 'Hello' }, key);
    const second = await post({ to: Number(chatId), text: 'Hello' }, key);
    expect([second.status, second.body.id, second.headers.get('idempotent-replayed')]).toEqual([
      201,
      first.body.id,
      'true',
    ]);
    expect(telegram.sent(at)).toHaveLength(1);
    expect((await post({ to: chatId, text: 'Other' }, key)).status).toBe(422);
  });

  it('under a key that the endpoint for interactive messages used is a message of its own', async () => {
    const { chatId, at } = person();
    const key = { 'idempotency-key': 'both-1' };
    await post({ to: chatId, text: 'Hello' }, key);
    await rig.call('/api/v1/telegram/interactive', {
      headers: { 'x-octopods-auth': bot.key, ...key },
      body: {
        destination_user_id: chatId,
        telegram_interactive_message: {
          type: 'remove_reply_keyboard',
          text: 'Hi',
          reply_markup: { remove_keyboard: true },
        },
      },
    });
    expect(telegram.sent(at)).toHaveLength(2);
  });
});

describe('a formatted text', () => {
  it.each([
    ['html', '<b>Hi</b> &lt;you&gt; <a href="https://a.example/?x=1&amp;y=2">there</a>'],
    ['markdown', '**Hi** \\<you> [there](https://a.example/?x=1&y=2)'],
  ])('in %s becomes words and entities, without a parse mode', async (format, text) => {
    const { chatId } = person();
    const { body } = await post({ to: chatId, text, format });
    expect(lastCall()?.parameters).toEqual({
      chat_id: Number(chatId),
      text: 'Hi <you> there',
      entities: [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'text_link', url: 'https://a.example/?x=1&y=2', offset: 9, length: 5 },
      ],
    });
    expect(body.text).toBe('Hi <you> there');
  });

  it('may be longer than 4096 characters with its tags, but not without them', async () => {
    const { chatId } = person();
    const long = '<b>x</b>'.repeat(90) + 'y'.repeat(4006);
    expect((await post({ to: chatId, text: long, format: 'html' })).status).toBe(201);
    const { status, body } = await post({ to: chatId, text: `${long}y`, format: 'html' });
    expect([status, body.details]).toMatchObject([
      400,
      [{ pointer: '/text', message: expect.stringContaining('at most 4096 characters') }],
    ]);
  });

  it('with every kind of mistake gets them all with their places, and nothing is sent', async () => {
    const before = callsMade();
    const text = 'a <div>b</div>\n<a href="javascript:x">c</a> <i>d';
    const { status, body } = await post({ to: '1', text, format: 'html', silent: 'yes', poll: { question: '' } });
    expect(status).toBe(400);
    const messages = body.details.map(({ message }: { readonly message: string }) => message);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^text has the tag <div>.* at line 1, column 3\.$/),
        expect.stringMatching(/^text has a link whose href must use http.* at line 2, column 1\.$/),
        expect.stringMatching(/^text has <i> that is not closed at line 2, column 30\.$/),
      ]),
    );
    expect(pointersOf({ body } as Answer)).toEqual(
      expect.arrayContaining(['/silent', '/poll/question', '/poll/options']),
    );
    expect(callsMade()).toBe(before);
  });
});

describe('what is below and around a message', () => {
  it('goes to Telegram in its terms', async () => {
    const { chatId } = person();
    const first = await post({ to: chatId, text: 'One' });
    const { body } = await post({
      to: chatId,
      text: 'Two',
      buttons: [
        [
          { text: 'Yes', data: 'yes', style: 'success' },
          { text: 'Site', url: 'https://a.example' },
        ],
        [{ text: 'Copy', copy_text: { text: 'A-1' } }],
      ],
      reply_to: { message_id: first.body.id, quote: 'One' },
      silent: true,
      protect: true,
      link_preview: { disabled: true },
      effect_id: '5104841245755180586',
    });
    expect(lastCall()?.parameters).toEqual({
      chat_id: Number(chatId),
      text: 'Two',
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'Yes', callback_data: 'yes', style: 'success' },
            { text: 'Site', url: 'https://a.example' },
          ],
          [{ text: 'Copy', copy_text: { text: 'A-1' } }],
        ],
      },
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: Number(first.body.channel_message_id.slice(3)), quote: 'One' },
      disable_notification: true,
      protect_content: true,
      message_effect_id: '5104841245755180586',
    });
    expect(body).toMatchObject({
      reply_to: { message_id: first.body.id, channel_message_id: first.body.channel_message_id, text: 'One' },
      buttons: [
        [
          { text: 'Yes', action: 'data', data: 'yes' },
          { text: 'Site', action: 'url', url: 'https://a.example' },
        ],
        [{ text: 'Copy', action: 'copy_text' }],
      ],
    });
  });

  it.each([
    [
      { keyboard: { keys: [['Left', { text: 'Phone', request_contact: true }]], resize: true, placeholder: 'Which?' } },
      {
        keyboard: [[{ text: 'Left' }, { text: 'Phone', request_contact: true }]],
        resize_keyboard: true,
        input_field_placeholder: 'Which?',
      },
    ],
    [{ remove_keyboard: true }, { remove_keyboard: true }],
    [{ remove_keyboard: { selective: true } }, { remove_keyboard: true, selective: true }],
    [{ force_reply: true }, { force_reply: true }],
    [{ force_reply: { placeholder: 'Number' } }, { force_reply: true, input_field_placeholder: 'Number' }],
  ])('%j becomes %j', async (given, markup) => {
    const { chatId } = person();
    expect((await post({ to: chatId, text: 'Hi', ...given })).status).toBe(201);
    expect(lastCall()?.parameters['reply_markup']).toEqual(markup);
  });

  it('names a message that is not in the chat: refused with its place', async () => {
    const other = await post({ to: person().chatId, text: 'Elsewhere' });
    const { status, body } = await post({ to: person().chatId, text: 'Hi', reply_to: { message_id: other.body.id } });
    expect([status, body.details[0].pointer]).toEqual([400, '/reply_to/message_id']);
  });

  it('names a sender who is shown in the answer, and one of another kind of inbox is refused', async () => {
    const { chatId } = person();
    const [ada] = bot.teammates;
    const { body } = await post({ to: chatId, text: 'Hi', sender: { intercom_teammate_id: ada?.id } });
    expect(body.sender).toEqual({ intercom_teammate_id: ada?.id });
    const wrong = await post({ to: chatId, text: 'Hi', sender: { hubspot_user_id: '1' } });
    expect([wrong.status, wrong.body.details[0].pointer]).toEqual([400, '/sender/hubspot_user_id']);
  });
});

describe('what a message shows beside text', () => {
  it.each([
    [
      'sendLocation',
      { location: { latitude: 52.5, longitude: 13.25 } },
      { latitude: 52.5, longitude: 13.25 },
      { kind: 'location', location: { latitude: 52.5, longitude: 13.25, title: null } },
    ],
    [
      'sendVenue',
      { venue: { latitude: 1, longitude: 2, title: 'Shop', address: 'Street 1' } },
      { latitude: 1, longitude: 2, title: 'Shop', address: 'Street 1' },
      { kind: 'venue', location: { title: 'Shop', address: 'Street 1' } },
    ],
    [
      'sendContact',
      { contact: { phone_number: '+49 30 1234', first_name: 'Ada' } },
      { phone_number: '+49 30 1234', first_name: 'Ada' },
      { kind: 'contact', contact: { phone_number: '+49 30 1234', first_name: 'Ada' } },
    ],
    [
      'sendPoll',
      { poll: { question: '2+2?', options: ['3', '4'], correct_option: 1, explanation: 'Count', is_anonymous: false } },
      {
        question: '2+2?',
        options: [{ text: '3' }, { text: '4' }],
        is_anonymous: false,
        type: 'quiz',
        correct_option_ids: [1],
        explanation: 'Count',
      },
      { kind: 'poll', poll: { question: '2+2?', options: ['3', '4'], correct_option: 1 } },
    ],
  ])('goes with %s', async (method, given, parameters, shown) => {
    const { chatId } = person();
    const { status, body } = await post({ to: chatId, ...given, buttons: [[{ text: 'Ok', data: 'ok' }]] });
    expect([status, body.details]).toEqual([201, undefined]);
    const call = lastCall();
    expect(call?.method).toBe(method);
    expect(call?.parameters).toEqual({
      chat_id: Number(chatId),
      ...parameters,
      reply_markup: { inline_keyboard: [[{ text: 'Ok', callback_data: 'ok' }]] },
    });
    expect(body).toMatchObject({ text: null, ...shown });
  });
});

describe('a body that is wrong', () => {
  it.each([
    ['{}', {}, ['/to', '/text']],
    [
      'two contents',
      { to: '1', poll: { question: 'a', options: ['b', 'c'] }, location: { latitude: 1, longitude: 1 } },
      [''],
    ],
    ['a text beside a place', { to: '1', text: 'a', location: { latitude: 1, longitude: 1 } }, ['/text']],
    ['a field that the API does not have', { to: '1', text: 'a', txt: 'b' }, ['/txt']],
    ['two markups', { to: '1', text: 'a', buttons: [[{ text: 'a', data: 'b' }]], force_reply: true }, ['']],
    [
      'a button with two actions',
      { to: '1', text: 'a', buttons: [[{ text: 'a', data: 'b', url: 'a.b' }]] },
      ['/buttons/0/0'],
    ],
    [
      'an explanation without a quiz',
      { to: '1', poll: { question: 'a', options: ['b', 'c'], explanation: 'd' } },
      ['/poll/explanation'],
    ],
    ['an option twice', { to: '1', poll: { question: 'a', options: ['b', 'b'] } }, ['/poll/options/1']],
    ['an effect in a group', { to: '-5', text: 'a', effect_id: '1' }, ['/effect_id']],
    [
      'a preview without a text',
      { to: '1', location: { latitude: 1, longitude: 1 }, link_preview: { disabled: true } },
      ['/link_preview'],
    ],
    ['a time that is past', { to: '1', text: 'a', send_at: '2020-01-01T00:00:00Z' }, ['/send_at']],
    ['a time too far ahead', { to: '1', text: 'a', send_at: '2120-01-01T00:00:00Z' }, ['/send_at']],
    ['a time that is past, and no chat', { text: 'a', send_at: '2020-01-01T00:00:00Z' }, ['/to', '/send_at']],
  ])('with %s is refused with its places, by the send and by the check', async (_what, body, pointers) => {
    const before = callsMade();
    const refused = await post(body);
    expect([400, 422]).toContain(refused.status);
    expect(pointersOf(refused)).toEqual(pointers);
    const checked = await post(body, {}, '/api/v1/messages/validate');
    expect(checked.body).toEqual({ valid: false, problems: refused.body.details });
    expect(callsMade()).toBe(before);
  });

  it('without problems is valid, and the check sends nothing', async () => {
    const before = callsMade();
    const { body } = await post({ to: '1', text: 'Hi' }, {}, '/api/v1/messages/validate');
    expect([body, callsMade()]).toEqual([{ valid: true, problems: [] }, before]);
  });
});

import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot, faults, feed } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';

const said = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);
const saidTo = (customer: Customer, ...texts: readonly string[]) =>
  eventually(async () => {
    await makeRetriesDue(rig);
    expect(said(customer)).toEqual(texts);
  });
const lastOf = ({ at }: Customer) => telegram.transcript(at).messages.at(-1);
const only = (desk: AgentsDesk) => desk.conversations()[0]?.id ?? '';
const refusing = (description: string, code = 400) =>
  ({ kind: 'answer-before', answer: { status: code, body: { ok: false, error_code: code, description } } }) as const;

async function deskWithCustomer(kind: (typeof inboxKinds)[number]) {
  const desk = await openAgentsDesk(rig, kind);
  const customer = desk.customer();
  await desk.reads(started);
  return { desk, customer };
}

/** A bot of the inbox offers answers under words, or without any. */
function offer(
  desk: AgentsDesk,
  words: string,
  options: readonly { readonly label: string; readonly value: string }[],
) {
  if (desk.kind === 'intercom') {
    intercom.reply(desk.accountId, only(desk), {
      as: 'operator',
      kind: words === '' ? 'quick_reply' : 'comment',
      ...(words === '' ? {} : { body: `<p>${words}</p>` }),
      quick_replies: options.map(({ label, value }) => ({ text: label, uuid: value })),
    });
    return;
  }
  const quickReplies = options.map(({ label, value }) => ({ label, value, valueType: 'TEXT' }));
  hubspot.reply(desk.accountId, only(desk), {
    as: 'bot',
    ...(words === '' ? {} : { text: words }),
    attachments: [{ type: 'QUICK_REPLIES', quickReplies }],
  });
}

describe.each(inboxKinds)('an answer from %s', (kind) => {
  it.each([
    ['words', 'Is it red?'],
    ['nothing else', ''],
  ])(
    'that offers answers, with %s, becomes a message with buttons, and a tap comes back as the answer',
    async (_, words) => {
      const { desk, customer } = await deskWithCustomer(kind);
      // Intercom: an option is named by a UUID. HubSpot: by any text.
      const other =
        kind === 'intercom'
          ? '9a4c2f17-0b6d-4e83-a1d5-7c3e5f9b2d48'
          : 'a value that is longer than the sixty-four bytes of a button of Telegram';
      offer(desk, words, [
        { label: 'Yes, it is', value: '3d1b8c60-8f2a-4a5e-9d0c-1f2e3d4c5b6a' },
        { label: 'No', value: other },
      ]);
      await saidTo(customer, words === '' ? 'Yes, it is / No' : words);
      const { message_id = 0 } = lastOf(customer) ?? {};
      telegram.tap(customer.at, { message_id, row: 1, column: 0 });
      await eventually(() => expect(desk.conversations()[0]?.entries.map(shown)).toContain('customer: No'));
      if (kind === 'hubspot') return;
      expect(intercom.transcript(desk.accountId, only(desk)).entries.at(-1)).toMatchObject({ quick_reply: other });
    },
  );

  it('keeps its formatting, and is sent without it when Telegram refuses the formatting', async () => {
    const { desk, customer } = await deskWithCustomer(kind);
    await desk.answer('See <b>our</b> <a href="https://acme.test/help">help</a>.');
    await saidTo(customer, 'See our help.');
    faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: refusing('Bad Request: ENTITY_TEXTURL_INVALID'),
    });
    await desk.answer('And <i>then</i> <a href="https://acme.test/more">more</a>.');
    await saidTo(customer, 'See our help.', 'And then more (https://acme.test/more).');
    const told = 'Not sent to the customer: the formatting';
    await eventually(() => expect(JSON.stringify(desk.conversations())).toContain(told));
  });

  it('has the address of every link that cannot be one, and rows of tables on their lines', async () => {
    const { desk, customer } = await deskWithCustomer(kind);
    await desk.answer(
      'See <a href="http://intranet/wiki">the wiki</a>, <a href="www.acme.test/x">the site</a>, <code><a href="https://acme.test/x">this</a></code>',
    );
    const links = 'See the wiki (http://intranet/wiki), the site, this (https://acme.test/x)';
    await saidTo(customer, links);
    if (kind === 'intercom') return;
    await desk.answer('</p><table><tr><td><p>Pro</p><p>(yearly)</p></td><td><p>€9</p></td></tr></table><p>');
    await saidTo(customer, links, 'Pro (yearly) | €9');
  });

  it('that is sent in several parts continues with the next part, also after the options were changed', async () => {
    const { desk, customer } = await deskWithCustomer(kind);
    const path = `/api/v1/channels/${desk.bot.channelId}`;
    const setOptions = (options: object) => rig.admin(path, { method: 'PATCH', body: { options } });
    await setOptions({ agent_name: 'full_name' });
    const words = Array.from({ length: 1500 }, (_, index) => `word${index}`).join(' ');
    const body = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 60',
      parameters: { retry_after: 60 },
    };
    const unavailable = { kind: 'answer-before', answer: { status: 429, body } } as const;
    const sendMessage = { provider: 'telegram', operation: 'sendMessage', subject: customer.chatId } as const;
    // The first part goes out, the second finds no way for a while.
    faults.inject({ ...sendMessage, times: 1, effect: { kind: 'delay-before', delayMs: 1 } });
    faults.inject({ ...sendMessage, times: 1, effect: unavailable });
    await desk.answer(words);
    await eventually(() => expect(faults.list()).toEqual([]));
    await setOptions({ agent_name: '{first_name} of the team with the very long name says the following to you: ' });
    await eventually(async () => {
      await rig.database.pool.query('update chats set paused_until = null');
      await makeRetriesDue(rig);
      expect(said(customer).join(' ')).toBe(`Ada:\n${words}`);
    });
  });

  it('that does not arrive shows the agent the reason in plain words', async () => {
    const { desk, customer } = await deskWithCustomer(kind);
    const sendMessage = { provider: 'telegram', operation: 'sendMessage', subject: customer.chatId } as const;
    faults.inject({ ...sendMessage, times: 1, effect: refusing('Forbidden: user is deactivated', 403) });
    await desk.answer('Are you there?');
    await eventually(() => expect(desk.problemShown()).toContain('account no longer exists'));
  });

  it('whose delivery is unknown shows the agent this and what to do', async () => {
    const { desk, customer } = await deskWithCustomer(kind);
    const sendMessage = { provider: 'telegram', operation: 'sendMessage', subject: customer.chatId } as const;
    faults.inject({ ...sendMessage, times: 1, effect: { kind: 'reset-after' } });
    await desk.answer('Did it arrive?');
    await eventually(() => expect(desk.problemShown()).toMatch(/it may have arrived.*before you send it again/));
    expect(said(customer)).toEqual(['Did it arrive?']);
  });
});

describe('an answer from HubSpot', () => {
  it('brings the bytes of a pasted image, and the words of one that cannot be had', async () => {
    const { desk, customer } = await deskWithCustomer('hubspot');
    await desk.answer('See <img src="cid:1@acme" alt="the plan">: <img src="data:image/png;base64,SGVsbG8=">');
    await eventually(() =>
      expect(telegram.sent(customer.at)).toMatchObject([{ caption: 'See the plan:', file: { file_size: 5 } }]),
    );
  });
});

describe('an answer from Intercom', () => {
  it('that Intercom translates reaches the customer once, in their language', async () => {
    const { desk, customer } = await deskWithCustomer('intercom');
    for (const [body, fr] of [
      ['<p>Hello</p>', '<p>Bonjour</p>'],
      ['<p>Thanks</p>', '<p>Merci</p>'],
    ] as const) {
      intercom.reply(desk.accountId, only(desk), { body, translations: { fr } });
    }
    await saidTo(customer, 'Bonjour', 'Merci');
    intercom.repeatNotification(desk.accountId);
    await desk.answer('That was all');
    await saidTo(customer, 'Bonjour', 'Merci', 'That was all');
  });

  it.each(['close', 'open', 'assignment'])('is sent once when it comes in a part of the kind “%s”', async (part) => {
    const { desk, customer } = await deskWithCustomer('intercom');
    intercom.reply(desk.accountId, only(desk), { kind: part, body: `<p>with ${part}</p>` });
    intercom.repeatNotification(desk.accountId);
    await desk.answer('And then this');
    await saidTo(customer, `with ${part}`, 'And then this');
  });

  it.each(['operator', 'fin'])('is sent once when %s wrote it and two topics report it', async (as) => {
    const { desk, customer } = await deskWithCustomer('intercom');
    intercom.reply(desk.accountId, only(desk), { as, body: '<p>I am a bot</p>' });
    await desk.answer('I am not');
    await saidTo(customer, 'I am a bot', 'I am not');
  });
});

describe('an answer that the agent deleted', () => {
  it('before its event was processed is not sent', async () => {
    const { desk, customer } = await deskWithCustomer('intercom');
    intercom.setOptions(desk.accountId, { webhookDelayMs: 300 });
    const { part_id } = intercom.reply(desk.accountId, only(desk), { body: '<p>The wrong customer</p>' });
    const redacted = await fetch(`${rig.sandbox.url}/intercom/conversations/redact`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${desk.accessToken}`,
        'content-type': 'application/json',
        'intercom-version': '2.16',
      },
      body: JSON.stringify({
        type: 'conversation_part',
        conversation_id: only(desk),
        conversation_part_id: part_id,
      }),
    });
    expect(redacted.status).toBe(200);
    await desk.answer('The right one');
    await saidTo(customer, 'The right one');
  });
});

describe('an answer from HubSpot', () => {
  it('is marked as sent when the customer has it, and as failed with the reason when not', async () => {
    const { desk, customer } = await deskWithCustomer('hubspot');
    await desk.answer('Hello');
    await feed.waitFor(
      ({ name, data }) =>
        name === 'message.status' && data['portalId'] === desk.accountId && data['statusType'] === 'SENT',
    );
    await saidTo(customer, 'Hello');
    telegram.block(customer.at);
    await desk.answer('Hello?');
    const failed = await feed.waitFor(
      ({ name, data }) =>
        name === 'message.status' && data['portalId'] === desk.accountId && data['statusType'] === 'FAILED',
    );
    expect(failed.data['errorMessage']).toContain('blocked the bot');
  });
});

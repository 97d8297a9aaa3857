import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, startPublicRig } from './desk.ts';

const rig = await startPublicRig();
const started = 'customer: ⁂ (started the bot)';

describe.each(inboxKinds)('what a backend sent, in %s', (kind) => {
  const arrange = async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const post = async (body: object) => {
      const answer = await rig.call('/api/v1/messages', {
        body: { to: customer.chatId, ...body },
        headers: { 'x-octopods-auth': desk.bot.key },
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body;
    };
    return { desk, customer, post };
  };

  it('has the labels of buttons and not their data, the formatting, and what it answers', async () => {
    const { desk, post } = await arrange();
    const first = await post({ text: 'Which one?' });
    await post({
      text: '<b>This</b> or <code>that</code>',
      format: 'html',
      buttons: [
        [
          { text: 'This', data: 'cb_this' },
          { text: 'Site', url: 'https://a.example' },
        ],
      ],
      reply_to: { message_id: first.id },
    });
    await desk.reads(
      started,
      'teammate: Which one?',
      'teammate: ⁂ > Which one? | This or that | [This] [Site → https://a.example]',
    );
  });

  it('names places with a map, contacts, and polls with their options', async () => {
    const { desk, post } = await arrange();
    await post({ location: { latitude: 52.5, longitude: 13.25 } });
    await post({ venue: { latitude: 1, longitude: 2, title: 'Shop', address: 'Street 1' } });
    await post({ contact: { phone_number: '+491234', first_name: 'Ada', last_name: 'Bo' } });
    await post({ poll: { question: '2+2?', options: ['3', '4'], correct_option: 1 } });
    const link = (label: string, at: string) =>
      kind === 'intercom' ? `${label}` : `${label} https://maps.google.com/?q=${at}`;
    const seen = await desk.reads(
      started,
      `teammate: ${link('52.5, 13.25', '52.5,13.25')} | ⁂ (sent a location)`,
      `teammate: Shop | Street 1 | ${link('1, 2', '1,2')} | ⁂ (sent a place)`,
      'teammate: Ada Bo | +491234 | ⁂ (sent a contact)',
      'teammate: 2+2? | ☐ 3 | ☑ 4 | ⁂ (sent a quiz)',
    );
    expect(seen.entries).toHaveLength(5);
  });

  it('does not have a message that skips the inbox, and has the ones around it in order', async () => {
    const { desk, post } = await arrange();
    await post({ text: 'Shown' });
    const skipped = await post({ text: 'Your code is 1234', inbox: 'skip' });
    expect(skipped).toMatchObject({ inbox: 'skip', mirror: { state: 'none' } });
    await post({ text: 'Shown too' });
    await desk.reads(started, 'teammate: Shown', 'teammate: Shown too');
  });
});

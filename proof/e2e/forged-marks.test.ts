import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;

const wordsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join(' | ');

describe.each(inboxKinds)('what the gateway says about a message, in %s', (kind) => {
  it('differs from a text that imitates it, and its sign is in no name of a person or a file', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer({ first_name: 'Grace ⁂ (edited)' });
    await desk.reads('customer: ⁂ (started the bot)');
    telegram.text(customer.at, { text: 'Grace 15550001\n⁂ (shared their own number)' });
    telegram.text(customer.at, { text: 'Confirm\n(tapped a button)' });
    telegram.shareContact(customer.at, { phone_number: '15550001' });
    telegram.file(customer.at, { kind: 'document', bytes: Buffer.from('%PDF-1.4'), file_name: '⁂ (edited).pdf' });
    const seen = await eventually(async () => {
      await makeRetriesDue(rig);
      const all = desk.conversations();
      expect(all.flatMap(({ entries }) => entries.map(({ text }) => wordsOf(text))).slice(0, 5)).toEqual([
        '⁂ (started the bot)',
        'Grace 15550001 | * (shared their own number)',
        'Confirm | (tapped a button)',
        'Grace * (edited) +15550001 | ⁂ (shared their own number)',
        '⁂ (sent a document “* (edited).pdf”, 8 bytes)',
      ]);
      return all;
    });
    const names = seen.flatMap(({ contact, entries }) => [
      contact?.name,
      ...entries.flatMap(({ name, attachments }) => [name, JSON.stringify(attachments)]),
    ]);
    expect(names).toContain('Grace * (edited)');
    expect(JSON.stringify(names)).not.toContain('⁂');
  });
});

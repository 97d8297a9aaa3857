import { contentSamples } from '@chatferry/testkit/samples/telegram-message-samples';
import { bot, rawMessage, rawUpdate } from '@chatferry/testkit/samples/telegram-update-samples';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../core/inbox/entry.ts';
import { bodyOfInbound } from '../../core/inbox/inbound-body.ts';
import { allowedUpdates } from './allowed-updates.ts';
import { decode } from './decode.ts';
import { decisionOf, type MessageField, messageFields } from './message-fields.ts';
import { updateKinds } from './update-kinds.ts';

const fields = Object.keys(messageFields) as MessageField[];
const withRole = (role: string): readonly MessageField[] => fields.filter((field) => decisionOf(field).role === role);

const entryOf = (message: object): string => {
  const decoded = decode(rawMessage({ ...message }), bot);
  if (decoded.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(decoded)}`);
  return plainText(bodyOfInbound(decoded.event, null));
};

describe('the table of message fields', () => {
  it.each(withRole('content'))('is true of %s: it has an entry of its own', (field) => {
    const [sample, words] = contentSamples[field] ?? [{}, 'a sample for this test'];
    expect(entryOf(sample).startsWith(words)).toBe(true);
  });

  it.each(withRole('remark'))('includes %s as a remark, which no person wrote', (field) => {
    expect(decode(rawMessage({ [field]: {} }), bot)).toEqual({ kind: 'ignored', reason: field });
  });

  it.each(withRole('about').filter((field) => !/^(message_id|from|chat|date|sender_chat|migrate_)/.test(field)))(
    'is true of %s: it makes no message of a kind of its own',
    (field) => {
      expect(entryOf({ [field]: {} })).toMatch(/unsupported message \(empty message\)\)$/);
      expect(entryOf({ [field]: {}, hologram: {} })).toContain('⁂ (unsupported message (hologram))');
    },
  );

  it('shows the name of a field that it does not have', () => {
    expect(entryOf({ hologram: {}, caption: 'Look' })).toBe('Look\n⁂ (unsupported message (hologram))');
  });
});

describe('the table of update kinds', () => {
  it('contains what Telegram is asked for', () => {
    expect([...allowedUpdates].sort()).toEqual([
      'callback_query',
      'edited_message',
      'inline_query',
      'message',
      'my_chat_member',
    ]);
  });

  it.each(Object.entries(updateKinds).filter(([, { asked }]) => !asked))('is true of %s: it is ignored', (kind) => {
    expect(decode(rawUpdate({ [kind]: {} }), bot)).toEqual({ kind: 'ignored', reason: kind });
  });
});

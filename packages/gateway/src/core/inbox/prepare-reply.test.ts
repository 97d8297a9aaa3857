import { describe, expect, it } from 'vitest';
import { plain } from '../message/rich-text.ts';
import type { AgentReply } from './inbox-event.ts';
import { nameOfAuthor, prepareReply } from './prepare-reply.ts';

const replyOf = (text: string, more: Partial<AgentReply> = {}): AgentReply => ({
  conversationId: '1',
  entryId: '2',
  author: { id: '7', name: 'Ada  Lovelace', kind: 'teammate' },
  body: plain(text),
  attachments: [],
  quickReplies: [],
  happenedAtMs: 0,
  markedOurs: false,
  textHash: '',
  ...more,
});

const bodyWith = (agent_name: string, name: string | null, reply = replyOf('Hello')) =>
  prepareReply(reply, { agent_name, shorthand: 'on' }, name).reply.body;

describe('the name before a reply', () => {
  it.each([
    ['off', 'Ada Lovelace', 'Hello'],
    ['first_name', 'Ada  Lovelace', 'Ada:\nHello'],
    ['full_name', 'Ada  Lovelace', 'Ada Lovelace:\nHello'],
    ['{first_name} from Support: ', 'Ada Lovelace', 'Ada from Support: Hello'],
    ['{first_name}', 'Ada Lovelace', 'Ada\nHello'],
    ['{first_name} from Support:\n', null, 'Hello'],
    ['full_name', ' ', 'Hello'],
  ])('with the option %j and the name %j gives %j', (option, name, text) => {
    expect(bodyWith(option, name).text).toBe(text);
  });

  it('is bold, and the formatting behind it moves with its words', () => {
    const reply = replyOf('Hello', {
      body: { text: 'Hello', spans: [{ kind: 'style', style: 'italic', start: 0, end: 5 }] },
    });
    expect(bodyWith('first_name', 'Ada', reply).spans).toEqual([
      { kind: 'style', style: 'bold', start: 0, end: 4 },
      { kind: 'style', style: 'italic', start: 5, end: 10 },
    ]);
  });

  it('is not sent without other words', () => {
    expect(bodyWith('first_name', 'Ada', replyOf('')).text).toBe('');
  });

  it('comes from the event or the inbox’s list, and is never an address or an id', () => {
    const author = { id: '7', name: null, kind: 'teammate' } as const;
    const list = (name: string) => [{ senderId: '7', name }];
    expect(nameOfAuthor({ ...author, name: 'Ada' }, null)).toBe('Ada');
    expect(nameOfAuthor(author, list('Ben'))).toBe('Ben');
    expect(nameOfAuthor(author, null)).toBeNull();
    expect(nameOfAuthor(author, list('ben@acme.test'))).toBeNull();
    expect(nameOfAuthor(author, list('7'))).toBeNull();
    expect(nameOfAuthor({ id: '7', name: 'Fin', kind: 'bot' }, null)).toBeNull();
  });
});

describe('the shorthand in a reply', () => {
  const options = { agent_name: 'first_name', shorthand: 'on' } as const;

  it('becomes buttons', () => {
    expect(prepareReply(replyOf('Pay here\n[Pay -> acme.test]'), options, 'Ada')).toMatchObject({
      reply: { body: { text: 'Ada:\nPay here' }, controls: { kind: 'buttons' } },
      remark: null,
    });
  });

  it('is sent as it was written if it was not understood, with a remark', () => {
    const { reply, remark } = prepareReply(replyOf('Pay here\n[Pay -> now]'), options, null);
    expect([reply.body.text, reply.controls]).toEqual(['Pay here\n[Pay -> now]', undefined]);
    expect(remark).toContain('“now” is no web address');
  });

  it('is sent as it was written if it is switched off', () => {
    const { reply, remark } = prepareReply(replyOf('x\n[[Yes]]'), { agent_name: 'off', shorthand: 'off' }, null);
    expect([reply.body.text, remark]).toEqual(['x\n[[Yes]]', null]);
  });

  it('becomes buttons under a file without words', () => {
    const attachments = [{ url: 'https://files.test/a', name: null, mediaType: null }];
    expect(prepareReply(replyOf('[Pay -> acme.test]', { attachments }), options, 'Ada')).toMatchObject({
      reply: { body: { text: '' }, controls: { kind: 'buttons' } },
      remark: null,
    });
  });

  it('is sent as it was written if it would mix keys with quick replies', () => {
    const quickReplies = [{ label: 'Yes', value: 'y' }];
    expect(prepareReply(replyOf('x\n[[No]]', { quickReplies }), options, null).remark).toContain('quick replies');
    expect(prepareReply(replyOf('x\n[No -> acme.test]', { quickReplies }), options, null).remark).toBeNull();
  });
});

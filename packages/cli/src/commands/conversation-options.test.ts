import { describe, expect, it } from 'vitest';
import { describeRules, readRulesChange } from './conversation-options.ts';

const none = {
  'new-conversation': undefined,
  tag: undefined,
  'mark-seen': undefined,
  'assign-new-to': undefined,
  'assign-to-sender': undefined,
};
const off = {
  new_conversation: null,
  tag: null,
  mark_seen: 'off',
  assign_new_to: null,
  assign_to_sender: 'off',
} as const;

describe('the options for conversation rules', () => {
  it.each([
    [{}, undefined],
    [{ 'new-conversation': 'off' }, { new_conversation: null }],
    [{ 'new-conversation': 'closed:0' }, { new_conversation: { after: 'closing', minutes: 0 } }],
    [{ 'new-conversation': 'closed:2w' }, { new_conversation: { after: 'closing', minutes: 20_160 } }],
    [{ 'new-conversation': 'silent:90m' }, { new_conversation: { after: 'silence', minutes: 90 } }],
    [{ tag: 'none' }, { tag: null }],
    [
      { tag: 'from the bot', 'mark-seen': 'off' },
      { tag: 'from the bot', mark_seen: 'off' },
    ],
    [{ 'assign-new-to': 'team:42' }, { assign_new_to: { kind: 'team', id: '42' } }],
    [
      { 'assign-new-to': 'none', 'assign-to-sender': 'on' },
      { assign_new_to: null, assign_to_sender: 'on' },
    ],
  ] as const)('are read from %j as %j', (values, change) => {
    expect(readRulesChange({ ...none, ...values })).toEqual(change);
  });

  it.each([
    ['new-conversation', 'closed'],
    ['new-conversation', 'closed:5'],
    ['new-conversation', 'silent:1y'],
    ['assign-new-to', '42'],
    ['assign-new-to', 'group:42'],
  ])('reject the invalid value --%s %s', (name, value) => {
    expect(() => readRulesChange({ ...none, [name]: value })).toThrow(`--${name}`);
  });

  it.each([
    [{}, { 'new conversation': 'off', 'assign new to': 'none' }],
    [{ new_conversation: { after: 'closing', minutes: 1440 } }, { 'new conversation': 'closed:1d' }],
    [{ new_conversation: { after: 'closing', minutes: 0 } }, { 'new conversation': 'closed:0' }],
    [{ new_conversation: { after: 'silence', minutes: 90 } }, { 'new conversation': 'silent:90m' }],
    [{ assign_new_to: { kind: 'team', id: '42' } }, { 'assign new to': 'team:42' }],
  ] as const)('are shown in the form in which they are typed: %j', (rules, lines) => {
    expect(describeRules({ ...off, ...rules }, 'hubspot')).toMatchObject(lines);
  });

  it('show tags only for inboxes that have tags', () => {
    expect(describeRules(off, 'hubspot')).not.toHaveProperty('tag');
    expect(describeRules(off, 'intercom')).toMatchObject({ tag: 'none', 'mark seen': 'off' });
  });
});

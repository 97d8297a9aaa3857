import { defaultConversationRules } from '@chatferry/contract';
import { describe, expect, it } from 'vitest';
import { arrangementFor, mayBeginConversation, type RuledMessage, wasOver } from './conversation-rules.ts';

const minuteMs = 60_000;
const nowMs = 1_800_000_000_000;
const customer: RuledMessage = { origin: 'customer', senderId: null, isSpeech: true, createdAtMs: nowMs };
const proactive: RuledMessage = { origin: 'api', senderId: '7', isSpeech: false, createdAtMs: nowMs };

describe('a new conversation', () => {
  it.each([
    [customer, true],
    [proactive, true],
    [{ ...customer, isSpeech: false }, false],
    [{ ...customer, origin: 'agent', isSpeech: false }, false],
    [{ ...customer, origin: 'automatic', isSpeech: false }, false],
  ] as const)('is begun by who speaks first: %j', (message, begins) => {
    expect(mayBeginConversation(message)).toBe(begins);
  });

  it.each([
    ['closing', 60, null, false],
    ['closing', 60, nowMs - 59 * minuteMs, false],
    ['closing', 60, nowMs - 60 * minuteMs, true],
    ['closing', 0, nowMs, true],
    ['closing', 0, nowMs + 1, false],
    ['silence', 60, null, true],
    ['silence', 60, nowMs - 59 * minuteMs, false],
    ['silence', 60, nowMs - 61 * minuteMs, true],
  ] as const)('after %s of %i minutes, since %s: %s', (after, minutes, sinceMs, over) => {
    expect(wasOver({ after, minutes }, sinceMs, customer)).toBe(over);
  });
});

describe('the arrangement of a conversation', () => {
  const rules = { ...defaultConversationRules('intercom'), assign_new_to: { kind: 'team', id: '42' } } as const;
  const opened = { opened: true, earlier: null };

  it('has tag and assignee if the conversation is new, and is nothing if it is not', () => {
    expect(arrangementFor(rules, customer, opened)).toEqual({
      tag: 'telegram',
      assignee: rules.assign_new_to,
      isSeen: false,
    });
    expect(arrangementFor(rules, customer, { opened: false, earlier: null })).toBeNull();
  });

  it('also marks the conversation as seen if the API opened it', () => {
    expect(arrangementFor(rules, proactive, opened)).toMatchObject({ isSeen: true });
    expect(arrangementFor({ ...rules, mark_seen: 'off' }, proactive, opened)).toMatchObject({ isSeen: false });
  });

  it('has no assignee before the customer’s answer if that is assigned to the sender', () => {
    const toSender = { ...rules, assign_to_sender: 'on' } as const;
    expect(arrangementFor(toSender, proactive, opened)).toMatchObject({ assignee: null });
    expect(arrangementFor(toSender, { ...proactive, senderId: null }, opened)).toMatchObject({
      assignee: rules.assign_new_to,
    });
    const answer = arrangementFor(toSender, customer, { opened: false, earlier: proactive });
    expect(answer).toEqual({ tag: null, assignee: { kind: 'teammate', id: '7' }, isSeen: false });
    expect(arrangementFor(toSender, customer, { opened: false, earlier: customer })).toBeNull();
  });

  it('is nothing in HubSpot if nothing was configured', () => {
    expect(arrangementFor(defaultConversationRules('hubspot'), customer, opened)).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { type Connected, okOf } from './connected-inbox.ts';

export function keepsTheContact(connected: Connected): void {
  it('is created once, however often it is asked for', async () => {
    const { harness, request } = connected();
    const first = okOf(await harness.inbox.ensureContact(request));
    const second = okOf(await harness.inbox.ensureContact(request));
    expect(second).toEqual(first);
    expect(await harness.contactCount()).toBeLessThanOrEqual(1);
  });

  it('is created once when the answer to its creation is lost', async () => {
    const { harness, request } = connected();
    harness.happen({ on: 'contact-creation', author: 'customer', effect: 'reset-after' });
    const lost = await harness.inbox.ensureContact(request);
    expect(['deferred', 'ok']).toContain(lost.kind);
    okOf(await harness.inbox.ensureContact(request));
    expect(await harness.contactCount()).toBeLessThanOrEqual(1);
  });

  it('accepts a phone number that the customer shared', async ({ skip }) => {
    const { harness, request } = connected();
    const contact = okOf(await harness.inbox.ensureContact(request));
    const { contacts } = harness.inbox;
    if (contacts === undefined) return skip('this inbox does not change contacts');
    expect(await contacts.offerPhone(contact, '+46700000000')).toEqual({ kind: 'ok', value: true });
    expect(await contacts.offerPhone(contact, 'no number')).toEqual({ kind: 'ok', value: true });
  });
}

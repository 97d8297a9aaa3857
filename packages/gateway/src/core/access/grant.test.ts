import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversNetwork } from './covers-network.ts';
import { changeTooWide, type Grant, tooWide } from './grant.ts';

const role = fc.constantFrom('owner', 'admin', 'member', 'read-only', null);
const some = <T>(...all: readonly T[]) => fc.subarray([...all]);
const limit = fc.record({ perSecond: fc.integer({ min: 1, max: 3 }), burst: fc.integer({ min: 1, max: 3 }) });
const grants: fc.Arbitrary<Grant> = fc.record({
  role,
  scopes: some('send', 'read', 'manage'),
  workspaces: fc.oneof(fc.constant('all' as const), some('a', 'b')),
  channelId: fc.constantFrom(null, 'one', 'other'),
  networks: some('10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32'),
  endsAtMs: fc.constantFrom(null, 1, 2),
  limit: fc.option(limit, { nil: null }),
});

/** The same grant, with the giver's own value in every field that is too wide. */
const within = (wanted: Grant, own: Grant): Grant => ({
  ...wanted,
  ...Object.fromEntries(tooWide(wanted, own).map(({ field }) => [field, own[field]])),
});

describe('a grant', () => {
  it('may be given by who has exactly the same', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        expect(tooWide(grant, grant)).toEqual([]);
      }),
    );
  });

  it('cannot grow along a chain of givers', () => {
    fc.assert(
      fc.property(grants, grants, grants, (first, wanted, wantedNext) => {
        const second = within(wanted, first);
        expect(tooWide(within(wantedNext, second), first)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never grows by a change, unless the giver has the whole result', () => {
    fc.assert(
      fc.property(grants, grants, grants, fc.subarray(Object.keys(grantFields)), (before, wanted, own, fields) => {
        const change = Object.fromEntries(Object.entries(wanted).filter(([field]) => fields.includes(field)));
        const after: Grant = { ...before, ...change };
        const isWithin = tooWide(after, before).length === 0 || tooWide(after, own).length === 0;
        expect(changeTooWide(before, change, own).length === 0).toBe(isWithin);
      }),
    );
  });
});

const grantFields = { role, scopes: 0, workspaces: 0, channelId: 0, networks: 0, endsAtMs: 0, limit: 0 };

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.1', '10.0.0.1/32', true],
    ['10.0.0.1', '10.0.0.0/31', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['0.0.0.0/0', '::/0', false],
    ['::/0', '10.0.0.1', false],
    ['2001:db8::/32', '2001:db8:1::/48', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::ffff:10.0.0.0/104', '10.0.0.1', false],
    ['::ffff:10.0.0.0/104', '::ffff:a01:203', true],
    ['::ffff:10.0.0.0/104', '::ffff:b01:203', false],
    ['fe80::/10', 'febf:ffff::1', true],
    ['::1', '::1', true],
    ['1::', '1:0:0:0:0:0:0:0/128', true],
  ])('%s covers %s: %j', (outer, inner, expected) => {
    expect(coversNetwork([outer], inner)).toBe(expected);
  });
});

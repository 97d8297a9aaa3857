import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { Grant, GrantState } from '../../ports/grant.ts';
import { BoundSecret } from '../../ports/secret.ts';
import type { HubspotOutcome } from './classify.ts';
import { createTokens } from './tokens.ts';

const home = 'https://api.hubapi.com';

/** A grant as a store keeps it, for any number of replicas; `used` are the refresh tokens that were traded. */
function arrange(answers: readonly (HubspotOutcome | Promise<HubspotOutcome>)[]) {
  const clock = createVirtualClock();
  const used: string[] = [];
  let tell: () => void = () => undefined;
  /** Resolves when HubSpot is asked for the first time. */
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const stored: string[] = [];
  let refreshToken = 'refresh-1';
  let access: { readonly token: BoundSecret; readonly untilMs: number } | null = null;
  let claimedUntilMs = 0;
  let isAway = false;
  const stateNow = (): GrantState => ({
    refreshToken: new BoundSecret(refreshToken, [home]),
    access:
      access !== null && access.untilMs > clock.monotonicMs()
        ? { token: access.token, remainingMs: access.untilMs - clock.monotonicMs() }
        : null,
  });
  const grant: Grant = {
    read: () => Promise.resolve(stateNow()),
    claim(forMs) {
      if (claimedUntilMs > clock.monotonicMs()) return Promise.resolve(null);
      claimedUntilMs = clock.monotonicMs() + forMs;
      const state = stateNow();
      return Promise.resolve({
        state,
        renew(renewed) {
          if (isAway) return Promise.reject(new Error('the store is away'));
          if (refreshToken !== state.refreshToken.revealFor(home)) return Promise.resolve(false);
          if (renewed.refreshToken.revealFor(home) !== refreshToken) stored.push(renewed.refreshToken.revealFor(home));
          refreshToken = renewed.refreshToken.revealFor(home);
          access = { token: renewed.token, untilMs: clock.monotonicMs() + renewed.lifeMs };
          return Promise.resolve(true);
        },
        release() {
          claimedUntilMs = 0;
          return Promise.resolve();
        },
      });
    },
  };
  const open = () => {
    const tokens = createTokens({
      clock,
      grant,
      exchange: (token) => {
        used.push(token.revealFor(home));
        tell();
        return Promise.resolve(answers[used.length - 1] ?? { kind: 'broken', detail: 'no more answers' });
      },
    });
    const current = async () => {
      const outcome = await tokens.current();
      return outcome.kind === 'ok' ? outcome.value.token.revealFor(home) : outcome.kind;
    };
    return { tokens, current };
  };
  const connectAnew = (token: string) => {
    refreshToken = token;
    access = null;
  };
  const setAway = (away: boolean) => {
    isAway = away;
  };
  return { clock, used, asked, stored, open, connectAnew, setAway, ...open() };
}

const token = (name: string, more: object = {}): HubspotOutcome => ({
  kind: 'ok',
  value: { access_token: name, expires_in: 1800, ...more },
});

/** An answer that comes when it is told to. */
function held(): { readonly answer: Promise<HubspotOutcome>; arrive(outcome: HubspotOutcome): void } {
  let arrive: (outcome: HubspotOutcome) => void = () => undefined;
  const answer = new Promise<HubspotOutcome>((resolve) => {
    arrive = resolve;
  });
  return { answer, arrive };
}

describe('access tokens of HubSpot', () => {
  it('are not lost when the store is down: a rotated refresh token is stored as soon as the store is back', async () => {
    const { current, used, stored, setAway, clock } = arrange([
      token('a', { refresh_token: 'refresh-2' }),
      token('b', { refresh_token: 'refresh-3' }),
    ]);
    setAway(true);
    await expect(current()).rejects.toThrow('the store is away');
    await expect(current()).rejects.toThrow('the store is away');
    setAway(false);
    expect(await current()).toBe('a');
    expect([used, stored]).toEqual([['refresh-1'], ['refresh-2']]);
    clock.advance(1_800_000);
    expect(await current()).toBe('b');
    expect(used).toEqual(['refresh-1', 'refresh-2']);
  });

  it('that expired before the store was back are renewed with the newest refresh token', async () => {
    const { current, used, setAway, clock } = arrange([token('a', { refresh_token: 'refresh-2' }), token('b')]);
    setAway(true);
    await expect(current()).rejects.toThrow('the store is away');
    clock.advance(3_600_000);
    setAway(false);
    await current();
    expect(await current()).toBe('b');
    expect(used).toEqual(['refresh-1', 'refresh-2']);
  });

  it('are requested once, however many callers wait', async () => {
    const { current, used } = arrange([token('a')]);
    expect(await Promise.all([current(), current(), current()])).toEqual(['a', 'a', 'a']);
    expect(await current()).toBe('a');
    expect(used).toEqual(['refresh-1']);
  });

  it('are replaced some minutes before they expire', async () => {
    const { clock, current } = arrange([token('a'), token('b')]);
    await current();
    clock.advance(26 * 60_000);
    expect(await current()).toBe('a');
    clock.advance(2 * 60_000);
    expect(await current()).toBe('b');
  });

  it('are replaced when HubSpot refused them, and not otherwise', async () => {
    const { tokens, current } = arrange([token('a'), token('b')]);
    const first = await tokens.current();
    if (first.kind !== 'ok') throw new Error(first.detail);
    tokens.discard(first.value.token);
    expect(await current()).toBe('b');
    tokens.discard(first.value.token);
    expect(await current()).toBe('b');
  });

  it('have their rotated refresh token stored once, and used from then on', async () => {
    const rotated = token('a', { refresh_token: 'refresh-2' });
    const { clock, current, used, stored } = arrange([rotated, token('b', { refresh_token: 'refresh-2' })]);
    await current();
    clock.advance(60 * 60_000);
    await current();
    expect(stored).toEqual(['refresh-2']);
    expect(used).toEqual(['refresh-1', 'refresh-2']);
  });

  it('report an invalid grant, and try again only when they are requested again', async () => {
    const { current, used } = arrange([{ kind: 'broken', detail: 'BAD_REFRESH_TOKEN' }]);
    expect(await current()).toBe('broken');
    expect(used).toHaveLength(1);
  });

  it('without a lifetime are not used', async () => {
    const { current } = arrange([{ kind: 'ok', value: { access_token: 'a' } }, token('b')]);
    expect(await current()).toBe('deferred');
    expect(await current()).toBe('b');
  });
});

describe('access tokens of several replicas', () => {
  it('are requested by one of them, and used by the others', async () => {
    const { open, current, used } = arrange([token('a', { refresh_token: 'refresh-2' })]);
    expect(await current()).toBe('a');
    expect([await open().current(), await open().current()]).toEqual(['a', 'a']);
    expect(used).toEqual(['refresh-1']);
  });

  it('are waited for while another replica renews the grant', async () => {
    const slow = held();
    const { clock, open, current, used } = arrange([slow.answer]);
    const first = current();
    const second = open().current();
    await clock.whenAsleep();
    slow.arrive(token('a', { refresh_token: 'refresh-2' }));
    expect(await first).toBe('a');
    clock.advance(200);
    expect(await second).toBe('a');
    expect(used).toEqual(['refresh-1']);
  });

  it('are requested by another replica when the first does not return', async () => {
    const lost = held();
    const { clock, open, current, used } = arrange([lost.answer, token('b')]);
    void current();
    const second = open().current();
    await clock.whenAsleep();
    clock.advance(30_000);
    expect(await second).toBe('b');
    expect(used).toEqual(['refresh-1', 'refresh-1']);
  });

  it('belong to the new grant when an administrator connected the portal again', async () => {
    const slow = held();
    const { clock, asked, connectAnew, current, used } = arrange([slow.answer, token('b')]);
    const waiting = current();
    await asked;
    connectAnew('refresh-of-the-new-grant');
    slow.arrive({ kind: 'broken', detail: 'BAD_REFRESH_TOKEN' });
    await clock.whenAsleep();
    clock.advance(200);
    expect(await waiting).toBe('b');
    expect(used).toEqual(['refresh-1', 'refresh-of-the-new-grant']);
  });
});

import { describe, expect, it } from 'vitest';
import { Secret } from '../../ports/secret.ts';
import { createManualClock } from '../http/manual-clock.ts';
import type { HubspotOutcome } from './classify.ts';
import { createTokens } from './tokens.ts';

function arrange(answers: readonly HubspotOutcome[]) {
  const clock = createManualClock();
  const used: string[] = [];
  const stored: string[] = [];
  const tokens = createTokens({
    clock,
    refreshToken: new Secret('refresh-1'),
    exchange: (refreshToken) => {
      used.push(refreshToken.reveal());
      return Promise.resolve(answers[used.length - 1] ?? { kind: 'broken', detail: 'no more answers' });
    },
    onRotated: (refreshToken) => {
      stored.push(refreshToken.reveal());
      return Promise.resolve();
    },
  });
  const current = async () => {
    const outcome = await tokens.current();
    return outcome.kind === 'ok' ? outcome.value.token.reveal() : outcome.kind;
  };
  return { clock, tokens, used, stored, current };
}

const token = (name: string, more: object = {}): HubspotOutcome => ({
  kind: 'ok',
  value: { access_token: name, expires_in: 1800, ...more },
});

describe('tokens', () => {
  it('are asked for once, however many wait', async () => {
    const { current, used } = arrange([token('a')]);
    expect(await Promise.all([current(), current(), current()])).toEqual(['a', 'a', 'a']);
    expect(await current()).toBe('a');
    expect(used).toEqual(['refresh-1']);
  });

  it('are replaced some minutes before they end', async () => {
    const { clock, current } = arrange([token('a'), token('b')]);
    await current();
    clock.advance(26 * 60_000);
    expect(await current()).toBe('a');
    clock.advance(2 * 60_000);
    expect(await current()).toBe('b');
  });

  it('are replaced when HubSpot refused them, and only those', async () => {
    const { tokens, current } = arrange([token('a'), token('b')]);
    const first = await tokens.current();
    if (first.kind !== 'ok') throw new Error(first.detail);
    tokens.discard(first.value.token);
    expect(await current()).toBe('b');
    tokens.discard(first.value.token);
    expect(await current()).toBe('b');
  });

  it('have their rotated refresh token stored, once, and use it from then on', async () => {
    const rotated = token('a', { refresh_token: 'refresh-2' });
    const { clock, current, used, stored } = arrange([rotated, token('b', { refresh_token: 'refresh-2' })]);
    await current();
    clock.advance(60 * 60_000);
    await current();
    expect(stored).toEqual(['refresh-2']);
    expect(used).toEqual(['refresh-1', 'refresh-2']);
  });

  it('say that the grant is dead, and try again only when asked again', async () => {
    const { current, used } = arrange([{ kind: 'broken', detail: 'BAD_REFRESH_TOKEN' }]);
    expect(await current()).toBe('broken');
    expect(used).toHaveLength(1);
  });

  it('that answer without a life are not taken', async () => {
    const { current } = arrange([{ kind: 'ok', value: { access_token: 'a' } }, token('b')]);
    expect(await current()).toBe('deferred');
    expect(await current()).toBe('b');
  });
});

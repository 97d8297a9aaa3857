import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventHead, shareOf, wants } from './plan-fan-out.ts';

const event = (change: Partial<EventHead> = {}): EventHead => ({
  id: 'evt_1',
  type: 'message.sent',
  workspaceId: 'wsp_1',
  channelId: 'chn_1',
  ...change,
});
const all = { workspaceId: 'wsp_1', types: null, channelIds: null };

describe('an endpoint', () => {
  it.each<[string, Partial<EventHead>, boolean]>([
    ['of its workspace', {}, true],
    ['of its workspace without a channel', { channelId: null }, true],
    ['of another workspace', { workspaceId: 'wsp_2' }, false],
    ['of no workspace', { workspaceId: null }, false],
  ])('that wants everything gets an event %s: %s %s', (_, change, isWanted) => {
    expect(wants(all, event(change))).toBe(isWanted);
  });

  it('with filters gets only what fits all of them, and never what belongs to another workspace', () => {
    const some = { workspaceId: 'wsp_1', types: ['message.sent'], channelIds: ['chn_1'] };
    expect(wants(some, event())).toBe(true);
    expect(wants(some, event({ type: 'message.failed' }))).toBe(false);
    expect(wants(some, event({ channelId: 'chn_2' }))).toBe(false);
    expect(wants(some, event({ channelId: null }))).toBe(false);
    expect(wants(some, event({ workspaceId: 'wsp_2' }))).toBe(false);
  });
});

describe('the share of an endpoint in the pages of the log', () => {
  it('is every event that it wants, once and in order, however little room there is', () => {
    const log = fc.array(fc.boolean(), { maxLength: 60 });
    fc.assert(
      fc.property(
        log,
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1 }),
        (mine, pageMax, rooms) => {
          const events = mine.map((isMine, index) =>
            event({ id: `evt_${String(index).padStart(3, '0')}`, workspaceId: isMine ? 'wsp_1' : 'wsp_2' }),
          );
          const got: string[] = [];
          let cursor: string | null = null;
          for (let round = 0; round < 400; round += 1) {
            const rest = events.filter(({ id }) => cursor === null || id > cursor).slice(0, pageMax);
            const through: string | null = rest.at(-1)?.id ?? cursor;
            // Some room comes again and again.
            const room = round % 2 === 0 ? 1 : (rooms[round % rooms.length] ?? 0);
            const share: ReturnType<typeof shareOf> = shareOf(all, { events: rest, through }, room);
            expect(share.events.length).toBeLessThanOrEqual(room);
            got.push(...share.events.map(({ id }) => id));
            cursor = share.cursor ?? cursor;
          }
          expect(got).toEqual(events.filter(({ workspaceId }) => workspaceId === 'wsp_1').map(({ id }) => id));
        },
      ),
    );
  });
});

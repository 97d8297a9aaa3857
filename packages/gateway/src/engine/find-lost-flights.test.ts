import { describe, expect, it } from 'vitest';
import { createFindLostFlights } from './find-lost-flights.ts';

const flight = (messageId: number, chatId: string) => ({ messageId, channelId: 'chn_1', chatId });

function arrange() {
  const world = { flights: [flight(1, '7'), flight(2, '8')], held: new Set(['8']), insisting: false };
  const find = createFindLostFlights({
    readOwnFlights: async () => world.flights,
    isHeld: (_channelId, chatId) => world.held.has(chatId),
    isInsisting: () => world.insisting,
  });
  return { world, find };
}

describe('a flight of this process', () => {
  it('is lost when nobody holds it twice in a row, and one that is held is not', async () => {
    const { find } = arrange();
    expect(await find()).toEqual([]);
    expect(await find()).toEqual([1]);
  });

  it('is not lost where it ended, or another one of the chat began, in between', async () => {
    const { world, find } = arrange();
    await find();
    world.flights = [flight(3, '7')];
    expect(await find()).toEqual([]);
    world.held.add('7');
    expect(await find()).toEqual([]);
  });

  it('is not lost while a result waits for the store', async () => {
    const { world, find } = arrange();
    world.insisting = true;
    await find();
    expect(await find()).toEqual([]);
    world.insisting = false;
    await find();
    expect(await find()).toEqual([1]);
  });
});

import { describe, expect, it } from 'vitest';
import { createFindLostFlights } from './find-lost-flights.ts';

const flight = (messageId: number, requestId: string) => ({ messageId, requestId });

function arrange() {
  const world = {
    flights: [flight(1, 'lost'), flight(2, 'held')],
    underWay: new Set(['held']),
    insisting: false,
  };
  const find = createFindLostFlights({
    readOwnFlights: async () => world.flights,
    requestsUnderWay: () => world.underWay,
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

  it('is lost also while others wait for its chat: they would wait for ever', async () => {
    const { world, find } = arrange();
    world.underWay.add('another to the same chat');
    await find();
    expect(await find()).toEqual([1]);
  });

  it('is not lost where it ended, or its own delivery began, in between', async () => {
    const { world, find } = arrange();
    await find();
    world.flights = [flight(3, 'fresh')];
    expect(await find()).toEqual([]);
    world.underWay.add('fresh');
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

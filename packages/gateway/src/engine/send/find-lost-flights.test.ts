import { describe, expect, it } from 'vitest';
import { createFindLostFlights } from './find-lost-flights.ts';

const flight = (messageId: number, requestId: string) => ({ messageId, requestId });

function arrange() {
  const world = {
    flights: [flight(1, 'lost'), flight(2, 'held')],
    underWay: new Set(['held']),
    retrying: false,
  };
  const find = createFindLostFlights({
    readOwnFlights: async () => world.flights,
    requestsUnderWay: () => world.underWay,
    isRetrying: () => world.retrying,
  });
  return { world, find };
}

describe('a flight of this process', () => {
  it('is lost when two looks in a row find no delivery that works on it', async () => {
    const { find } = arrange();
    expect(await find()).toEqual([]);
    expect(await find()).toEqual([1]);
  });

  it('is lost even while other deliveries wait for its chat, which would wait for ever', async () => {
    const { world, find } = arrange();
    world.underWay.add('another to the same chat');
    await find();
    expect(await find()).toEqual([1]);
  });

  it('is not lost if it ended, or its delivery began, between two looks', async () => {
    const { world, find } = arrange();
    await find();
    world.flights = [flight(3, 'fresh')];
    expect(await find()).toEqual([]);
    world.underWay.add('fresh');
    expect(await find()).toEqual([]);
  });

  it('is not lost while a result waits for the store', async () => {
    const { world, find } = arrange();
    world.retrying = true;
    await find();
    expect(await find()).toEqual([]);
    world.retrying = false;
    await find();
    expect(await find()).toEqual([1]);
  });
});

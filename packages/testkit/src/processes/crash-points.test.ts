import type { PortDecorator } from '@chatferry/gateway/internal/compose/start-gateway';
import { describe, expect, it } from 'vitest';
import { watchPorts } from './crash-points.ts';

/** Only the calls that a test makes. */
const storeOf = (methods: object) => methods as Parameters<PortDecorator['store']>[0];

describe('a watched port', () => {
  it('reports a call before it is made and after it is answered', async () => {
    const course: string[] = [];
    const ping = async () => {
      course.push('made');
      await Promise.resolve();
      course.push('answered');
    };
    await watchPorts((point) => course.push(point))
      .store(storeOf({ ping }))
      .ping();
    expect(course).toEqual(['store.ping:before', 'made', 'answered', 'store.ping:after']);
  });

  it('does not report an answer that never came', async () => {
    const points: string[] = [];
    const ping = () => Promise.reject(new Error('the database is away'));
    const watched = watchPorts((point) => points.push(point)).store(storeOf({ ping }));
    await expect(watched.ping()).rejects.toThrow('the database is away');
    expect(points).toEqual(['store.ping:before']);
  });

  it('keeps its watched methods when it is spread', async () => {
    const points: string[] = [];
    const { ping } = { ...watchPorts((point) => points.push(point)).store(storeOf({ ping: async () => undefined })) };
    await ping();
    expect(points).toEqual(['store.ping:before', 'store.ping:after']);
  });
});

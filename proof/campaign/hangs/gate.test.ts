import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startGate } from './gate.ts';

const provider = createServer((request, response) => {
  response.end(`${request.method} ${request.url} at ${request.headers.host}`);
});
await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
const gate = await startGate(`http://127.0.0.1:${(provider.address() as AddressInfo).port}`);
afterAll(async () => {
  await gate.close();
  provider.close();
});

const ask = async (path: string, body?: string): Promise<string> => {
  try {
    const answer = await fetch(`${gate.url}${path}`, body === undefined ? {} : { method: 'POST', body });
    return `${answer.status} ${await answer.text()}`;
  } catch {
    return 'broken';
  }
};

describe('a gate before a provider', () => {
  it('passes calls on, and the provider sees the address of the gate', async () => {
    await gate.open();
    expect(await ask('/a?b=1')).toBe(`200 GET /a?b=1 at ${new URL(gate.url).host}`);
    expect(gate.passedAtMs).not.toBeNull();
  });

  it('lets a call hang by what it says, passes the others, and resets it when the gate opens', async () => {
    gate.treat(({ body }) => (body.includes('7') ? { kind: 'hang' } : { kind: 'pass' }));
    const held = ask('/send', 'chat 7');
    await vi.waitFor(() => expect(gate.hanging()).toBe(1), { timeout: 15_000 });
    expect(await ask('/send', 'chat 8')).toMatch(/^200 /);
    expect([gate.hanging(), gate.touched]).toEqual([1, 1]);
    await gate.open();
    expect(await held).toBe('broken');
    expect(await ask('/send', 'chat 7')).toMatch(/^200 /);
  });

  it('answers with a status, and forgets when a call passed last', async () => {
    gate.treat(() => ({ kind: 'status', status: 503 }));
    expect(await ask('/')).toBe('503 {}');
    await gate.open();
    expect(gate.passedAtMs).toBeNull();
  });

  it('refuses connections until it opens, on the same address', async () => {
    await gate.refuse();
    expect([await ask('/'), gate.touched]).toEqual(['broken', 1]);
    await gate.open();
    expect(await ask('/')).toMatch(/^200 /);
  });
});

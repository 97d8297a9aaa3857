import { describe, expect, it } from 'vitest';
import { explainListening, parseArguments } from './arguments.ts';
import { createSandbox } from './sandbox.ts';

describe('the command line of the sandbox', () => {
  it('has a default for every flag', () => {
    expect(parseArguments([])).toMatchObject({ port: 4010, host: '127.0.0.1', lean: false, latencyMs: 0 });
    expect(parseArguments(['--port', '0', '--latency', '80'])).toMatchObject({ port: 0, latencyMs: 80 });
  });

  it('shows only the help with --help', () => {
    expect(parseArguments(['--help'])).toBeNull();
    expect(parseArguments(['-h', '--port', 'x'])).toBeNull();
  });

  it.each([
    [['--prot', '1'], /'--prot'[\s\S]*npm run sandbox/],
    [['surplus'], /'surplus'[\s\S]*npm run sandbox/],
    [['--port', 'abc'], /^--port must be a port from 0 to 65535, not “abc”\.$/],
    [['--port', '65536'], /^--port must be a port/],
    [['--latency', '-1'], /--latency/],
  ])('refuses %j and says what to do', (given, words) => {
    expect(() => parseArguments(given)).toThrow(words);
  });

  it('says what to do about a port that is in use', async () => {
    const [first, second] = [createSandbox(), createSandbox()];
    const port = Number(new URL(await first.listen()).port);
    const given = parseArguments(['--port', `${port}`]);
    const cause = await second.listen({ port }).catch((error: unknown) => error);
    await Promise.all([first.close(), second.close()]);
    expect(given && explainListening(cause, given)).toContain(`Port ${port} of 127.0.0.1 is in use`);
  });
});

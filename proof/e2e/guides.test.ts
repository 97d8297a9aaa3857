import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ConnectedBot, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  readonly language: string;
  readonly code: string;
  /** What the guide says that the step prints. Empty if it says nothing. */
  readonly shown: string;
}

/** The blocks of a guide: a program, and after it, perhaps, what it prints. */
const stepsOf = (guide: string): readonly Step[] => {
  const blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
  return blocks.flatMap(({ language, code }, at) => {
    if (language !== 'sh' && language !== 'ts') return [];
    const next = blocks[at + 1];
    return [{ language, code, shown: next?.language === 'json' || next?.language === 'text' ? next.code : '' }];
  });
};

/** The value with only the parts that the guide shows. */
const asShown = (value: unknown, shown: unknown): unknown => {
  if (Array.isArray(shown) && Array.isArray(value)) return shown.map((part, at) => asShown(value[at], part));
  if (typeof shown !== 'object' || shown === null || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(shown).map(([name, part]) => [name, asShown((value as Record<string, unknown>)[name], part)]),
  );
};

describe('the guides', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let bot: ConnectedBot;
  const folder = mkdtempSync(join(tmpdir(), 'chatferry-guides-'));

  beforeAll(async () => {
    rig = await startRig();
    bot = await connectBot(rig);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['send', 'errors'])(
    'have only commands and programs that work, and print what %s.md says',
    async (name) => {
      const { chatId } = newCustomer(rig, bot);
      const filled = readFileSync(join(root, `docs/guides/${name}.md`), 'utf8')
        .replaceAll('http://127.0.0.1:8080', rig.url)
        .replaceAll('cf_live_…', bot.key)
        .replaceAll('123456789', chatId);
      const steps = stepsOf(filled);
      expect(steps.length).toBeGreaterThan(3);
      const [setup] = steps;
      for (const step of steps) {
        const printed = await runStep(step, setup?.code ?? '');
        if (step.shown === '') continue;
        if (!step.shown.startsWith('{')) expect(printed).toContain(step.shown.trim());
        else expect(asShown(JSON.parse(printed), JSON.parse(step.shown))).toEqual(JSON.parse(step.shown));
      }
    },
    120_000,
  );

  async function runStep({ language, code }: Step, setup: string): Promise<string> {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', CHATFERRY_URL: rig.url, CHATFERRY_KEY: bot.key };
    if (language === 'sh')
      return (await run('bash', ['-euo', 'pipefail', '-c', `${setup}\n${code}`], { cwd: folder })).stdout;
    const file = join(folder, 'program.mts');
    writeFileSync(file, code);
    const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
    return (await run(process.execPath, ['--import', `file://${tsx}`, file], { cwd: folder, env })).stdout;
  }
});

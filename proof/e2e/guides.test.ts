import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
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

/** The keys and the chat that stand for those of a guide. */
interface Reader {
  readonly url: string;
  readonly liveKey: string;
  readonly testKey: string;
  readonly manageKey: string;
  readonly chatId: string;
}

const backend = await startWebhookBackend();
const folder = mkdtempSync(join(tmpdir(), 'chatferry-guides-'));
// The programs find the packages there, as after npm install.
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
afterAll(async () => {
  await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

async function becomeReader(rig: Awaited<ReturnType<typeof startRig>>): Promise<Reader> {
  const bot = await connectBot(rig);
  const test = await rig.admin('/api/v1/test-mode', { body: {} });
  const manage = await rig.admin('/api/v1/keys', {
    body: { kind: 'workspace', workspace_id: test.body.workspace_id, scopes: ['send', 'read', 'manage'] },
  });
  return {
    url: rig.url,
    liveKey: bot.key,
    testKey: test.body.key.secret,
    manageKey: manage.body.secret,
    chatId: newCustomer(rig, bot).chatId,
  };
}

const guideFor = ({ url, liveKey, testKey, manageKey, chatId }: Reader, name: string): string =>
  readFileSync(join(root, `docs/guides/${name}.md`), 'utf8')
    .replaceAll('http://127.0.0.1:8080', url)
    .replaceAll('https://backend.example.com', backend.url)
    .replaceAll('cf_live_…', liveKey)
    .replaceAll('cf_test_…', testKey)
    .replaceAll('cf_manage_…', manageKey)
    .replaceAll('123456789', chatId);

/** Runs a step in the shell, or as a program, after the exports of the steps before it. */
async function runStep({ language, code }: Step, exports: string): Promise<string> {
  const shell = (command: string) => run('bash', ['-euo', 'pipefail', '-c', `${exports}\n${command}`], { cwd: folder });
  if (language === 'sh') return (await shell(code)).stdout;
  writeFileSync(join(folder, 'program.mts'), code);
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href;
  const flags = `--import '${tsx}' --conditions=@chatferry/source`;
  return (await shell(`'${process.execPath}' ${flags} program.mts`)).stdout;
}

describe('the guides', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await becomeReader(await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url }));
  });

  it.each(['send', 'events', 'media', 'test-mode', 'errors'])(
    'have only commands and programs that work, and print what %s.md says',
    async (name) => {
      const steps = stepsOf(guideFor(reader, name));
      expect(steps.length).toBeGreaterThan(3);
      let exports = '';
      for (const step of steps) {
        const printed = await runStep(step, exports);
        if (step.code.startsWith('export ')) exports += step.code;
        if (step.shown === '') continue;
        if (!step.shown.startsWith('{')) expect(printed).toContain(step.shown.trim());
        else expect(asShown(JSON.parse(printed), JSON.parse(step.shown))).toEqual(JSON.parse(step.shown));
      }
    },
    120_000,
  );
});

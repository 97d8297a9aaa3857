import { isTestFile } from './architecture-rules.ts';
import type { ScannedSource } from './scan-source.ts';

const src = 'packages/gateway/src';

/** The names of the kinds, and further words of their products that name them. */
export interface NamedKinds {
  readonly kinds: readonly string[];
  readonly otherWords: readonly string[];
}

/**
 * What may name a kind: its own folder, the simulation of test mode, and the registry that lists the folders. Comments may too. The schema and its migrations are
 * SQL files, which this rule does not read: they list the kinds that a column may have.
 */
const isHome = (file: string, kinds: readonly string[]): boolean =>
  file === `${src}/adapters/registry.ts` ||
  ['test', ...kinds].some((kind) => file.startsWith(`${src}/adapters/${kind}/`));

/** Names that the contract gives to operations, fields, error codes and the legs of a channel; they are the public API. */
const contractNames = new Set([
  'sendTelegramInteractive',
  'validateTelegramInteractive',
  'TelegramInteractiveMessage',
  'telegram_interactive_message',
  'telegram_user_id',
  'TELEGRAM_REJECTED',
  'telegram_in',
  'telegram_out',
]);

/** Fields of answers whose name is that of a kind, each with the one file that writes it. */
const answerFields: Readonly<Record<string, readonly string[]>> = {
  [`${src}/http/error-reply.ts`]: ['telegram'],
  [`${src}/operations/customers/customer-handlers.ts`]: ['telegram'],
};

/** Files and folders of an operation are named after it. */
const operationFiles = /(?<=[/"])(?:send|validate)-telegram-interactive(?=[/.])/g;

/** The places where a file of the gateway names a kind outside the kind's home, a sentence for each name. */
export function findNamedKinds(
  { kinds, otherWords }: NamedKinds,
  file: string,
  { code, strings }: ScannedSource,
): readonly string[] {
  if (!file.startsWith(`${src}/`) || isTestFile(file) || isHome(file, kinds)) return [];
  const text = [file, code, ...strings.map((one) => `"${one}"`)].join('\n').replaceAll(operationFiles, 'operation');
  const kindName = new RegExp(`[\\w$-]*(?:${[...kinds, ...otherWords].join('|')})[\\w$-]*`, 'gi');
  const allowed = answerFields[file] ?? [];
  const named = (text.match(kindName) ?? []).filter((name) => !contractNames.has(name) && !allowed.includes(name));
  return [...new Set(named)].map(
    (name) => `${file}: ${name}: a kind is named in its adapter's folder and the registry`,
  );
}

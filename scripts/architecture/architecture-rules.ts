import { posix } from 'node:path';
import type { Import } from './scan-source.ts';

/** A source file, from the root of the repository, and the modules that it names. */
export interface ImportingFile {
  readonly file: string;
  readonly imports: readonly Import[];
}

/**
 * Who may import what. `node:` stands for all of Node; `type x` allows types only; a name with a slash is one file.
 * Everything may import from its own area. What is not listed is forbidden.
 */
const packages: Readonly<Record<string, readonly string[]>> = {
  contract: ['zod', 'htmlparser2', 'markdown-it'],
  sdk: [],
  cli: ['@chatferry/sdk', '@chatferry/gateway', 'commander', '@clack/prompts', 'picocolors', 'node:'],
  sandbox: ['fastify', 'playwright-core', 'node:'],
};

const shared = [
  'adapters/http',
  'adapters/rich-text',
  'adapters/json-answer.ts',
  'adapters/account-gate.ts',
  'type adapters/inbox-adapter.ts',
  'type adapters/channel-adapter.ts',
];
const provider = ['core', 'ports', ...shared, '@chatferry/contract', 'zod', 'node:'];
// `node:events` only for the number of listeners that one signal may have.
const inner = ['core', 'ports', 'store', 'secrets', '@chatferry/contract', 'zod', 'node:crypto', 'node:events'];

/** A rule for `core` covers `core/delivery` and the other subfolders too. A folder of `adapters` without a rule has `provider`. */
const gateway: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  'core/access': ['@chatferry/contract'],
  'core/health': ['@chatferry/contract'],
  'core/memory': [],
  'core/webhooks': [],
  'core/message': ['@chatferry/contract'],
  'core/delivery': ['core/message', '@chatferry/contract'],
  'core/inbox': ['core/message', '@chatferry/contract'],
  // `node:crypto` for what a secret is used for without being shown: to sign and to compare.
  ports: ['core', '@chatferry/contract', 'zod', 'node:crypto'],
  'adapters/http': ['core', 'ports', 'errors', 'undici', 'node:'],
  'adapters/rich-text': ['core', 'htmlparser2'],
  'adapters/credentials': ['ports', '@zxcvbn-ts/language-common', 'otpauth', 'node:'],
  'adapters/identity': ['core/access', 'ports', 'openid-client', 'node:'],
  'adapters/telegram': [...provider, 'type @grammyjs/types'],
  // Test mode: the simulated Telegram runs inside the gateway.
  'adapters/test': [...provider, '@chatferry/sandbox'],
  'adapters/json-answer.ts': ['core', 'adapters/http'],
  'adapters/account-gate.ts': ['ports', 'adapters/json-answer.ts'],
  'adapters/inbox-adapter.ts': ['type ports', 'type adapters/http', '@chatferry/contract'],
  'adapters/channel-adapter.ts': ['type ports', 'type adapters/http'],
  'adapters/registry.ts': ['core', 'ports', 'adapters', '@chatferry/contract'],
  // A token from the store is wrapped in a `Secret` before anything else sees it.
  store: ['core', 'type ports', 'ports/secret.ts', 'errors', '@chatferry/contract', 'pg', 'node:'],
  'data-folder': ['errors', 'node:'],
  'embedded-postgres': ['type ports', 'data-folder', 'errors', 'pg', 'node:'],
  secrets: [
    'ports',
    'type store',
    'store/sealed-columns.ts',
    'data-folder',
    'errors',
    'pg',
    'standardwebhooks',
    'node:',
  ],
  backup: ['store', 'data-folder', 'embedded-postgres', 'type ports', 'errors', 'pg', 'node:'],
  journal: ['type store', 'store/database', 'data-folder', 'errors', 'node:'],
  'engine/directory': inner,
  'engine/lanes': inner,
  'engine/send': [...inner, 'engine/lanes', 'engine/directory'],
  'engine/updates': [...inner, 'engine/lanes', 'engine/directory', 'engine/send'],
  'engine/relay': [...inner, 'engine/lanes', 'engine/directory', 'engine/send'],
  'engine/mirror': [...inner, 'engine/lanes', 'engine/directory', 'engine/updates'],
  'engine/webhooks': [...inner, 'engine/lanes'],
  'engine/upkeep': [...inner, 'engine/lanes', 'engine/directory'],
  operations: [...inner, 'engine'],
  receive: [...inner, 'engine'],
  http: [
    'operations',
    'receive',
    'engine',
    'observe',
    'core',
    'ports',
    'errors',
    'type config',
    'type store',
    '@chatferry/contract',
    'fastify',
    'node:',
    '@fastify/busboy',
    'markdown-it',
  ],
  observe: ['core', 'errors', 'pino', 'node:'],
  config: ['ports', 'adapters/registry.ts', 'errors', 'zod', 'node:fs', 'node:net'],
};

/** Where the parts are put together: may import everything of the gateway, except what `process` has to itself. */
const composition = new Set(['main.ts', 'program.ts', 'process', 'compose']);
const outsideOfComposition = new Set(['fastify', 'undici']);
/** These have subfolders with a rule of their own. */
const deepAreas = new Set(['adapters', 'core', 'engine']);

export const isTestFile = (file: string): boolean => /\.test\.ts$|^packages\/testkit\/|\/src\/testing\//.test(file);

interface Place {
  readonly package: string;
  /** From `src`. */
  readonly path: string;
  readonly area: string;
}

/** The place of a file: its package, and the part of it that has a rule. */
const placeOf = (file: string): Place => {
  const [, name = '', , ...rest] = file.split('/');
  const [first = '', second = ''] = rest;
  const isDeep = name === 'gateway' && deepAreas.has(first);
  return { package: name, path: rest.join('/'), area: isDeep ? `${first}/${second}` : first };
};

/** The file that a relative specifier means; undefined for a package. */
const targetOf = (file: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;

const nameOfPackage = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const allows = (rule: string, name: string, path: string | undefined, isTypeOnly: boolean): boolean => {
  const wanted = rule.startsWith('type ') ? rule.slice('type '.length) : rule;
  if (rule !== wanted && !isTypeOnly) return false;
  const isInside = path?.startsWith(`${wanted}/`) === true;
  return wanted === name || wanted === path || isInside || (wanted === 'node:' && name.startsWith('node:'));
};

/** The only folder from which the gateway makes HTTP calls: its transport applies the egress policy. */
const outgoing = 'adapters/http';
/** With these a program connects to others. What is named is harmless: it only reads or compares. */
const connecting: Readonly<Record<string, readonly string[]>> = {
  undici: [],
  'node:http': ['STATUS_CODES'],
  'node:https': [],
  'node:http2': [],
  'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'],
  'node:tls': [],
  'node:dgram': [],
  'node:dns': [],
  'node:dns/promises': [],
  'node:inspector': [],
};

const connects = ({ specifier, isTypeOnly, names }: Import): boolean => {
  const harmless =
    connecting[
      /^(http2?|https|net|tls|dgram|dns(\/promises)?|inspector)$/.test(specifier) ? `node:${specifier}` : specifier
    ];
  return harmless !== undefined && !isTypeOnly && names.some((name) => !harmless.includes(name));
};

const problemOf = (file: string, imported: Import): string | undefined => {
  const { specifier, isTypeOnly } = imported;
  const from = placeOf(file);
  const target = targetOf(file, specifier);
  const to = target === undefined ? undefined : placeOf(target);
  const says = `${file} imports ${specifier}`;
  if (specifier === '(computed)') return `${file} imports a module whose name is computed`;
  if (to !== undefined && to.package !== from.package) return `${says}: another package is imported by its name`;
  if (to?.path === 'main.ts') return `${says}: nothing imports main.ts`;
  if (from.package === 'sandbox' && specifier.startsWith('@chatferry/gateway'))
    return `${says}: the sandbox does not depend on the gateway`;
  if (isTestFile(file)) return undefined;
  if (target !== undefined && isTestFile(target)) return `${says}: only tests import what is for tests`;
  if (from.package === 'gateway' && from.area !== outgoing && connects(imported))
    return `${says}: only the transport in ${outgoing} makes outgoing calls`;
  if (from.package !== 'gateway') {
    if (to !== undefined) return undefined;
    const rules = packages[from.package];
    if (rules === undefined) return `${file}: the package ${from.package} has no rule`;
    const isAllowed = rules.some((rule) => allows(rule, nameOfPackage(specifier), undefined, isTypeOnly));
    return isAllowed ? undefined : `${says}: not for ${from.package}`;
  }
  if (composition.has(from.path) || composition.has(from.area))
    return outsideOfComposition.has(nameOfPackage(specifier)) ? `${says}: not for ${from.path}` : undefined;
  const rules = gateway[from.area] ?? (from.area.startsWith('adapters/') ? provider : undefined);
  if (rules === undefined) return `${file}: ${from.area} has no rule`;
  if (to !== undefined && to.area === from.area) return undefined;
  const name = to?.area ?? (specifier.startsWith('node:') ? specifier : nameOfPackage(specifier));
  const isAllowed = rules.some((rule) => allows(rule, name, to?.path, isTypeOnly));
  return isAllowed ? undefined : `${says}${isTypeOnly ? ' (types)' : ''}: not for ${from.area}`;
};

/** What breaks the table, a sentence each. */
export const findForbiddenImports = (files: readonly ImportingFile[]): readonly string[] =>
  files.flatMap(({ file, imports }) => imports.flatMap((one) => problemOf(file, one) ?? []));

/** Folders (and files beside them) that import each other, as `a -> b -> a`; types count too. */
export const findFolderCycles = (files: readonly ImportingFile[]): readonly string[] => {
  const node = (file: string): string => {
    const { package: name, area } = placeOf(file);
    return `${name}/${area}`;
  };
  const edges = new Map<string, Set<string>>();
  for (const { file, imports } of files.filter((one) => !isTestFile(one.file))) {
    const from = node(file);
    const targets = imports.flatMap(({ specifier }) => targetOf(file, specifier) ?? []).map(node);
    for (const to of targets.filter((one) => one !== from)) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (at: string, path: readonly string[]): void => {
    const start = path.indexOf(at);
    if (start >= 0) cycles.add([...path.slice(start), at].join(' -> '));
    if (start >= 0 || done.has(at)) return;
    for (const next of edges.get(at) ?? []) visit(next, [...path, at]);
    done.add(at);
  };
  for (const at of edges.keys()) visit(at, []);
  return [...cycles];
};

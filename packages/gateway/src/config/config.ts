import { readFileSync } from 'node:fs';
import { type ByConnectableKind, channelAdapter, inboxAdapters, mapInboxKinds } from '../adapters/registry.ts';
import { errorCodeOf } from '../errors/error-code.ts';
import type { InboxSettingValues } from '../ports/inbox-settings.ts';
import type { Setting, SettingFacts, SettingValues } from '../ports/setting.ts';
import { limitSettings, processSettings } from './general-settings.ts';

type ChannelDefaults = SettingValues<typeof channelAdapter.settings>;

/** The settings of the process. */
export interface Config extends SettingValues<typeof processSettings>, SettingValues<typeof limitSettings> {
  readonly channel: ChannelDefaults;
  readonly inboxes: ByConnectableKind<InboxSettingValues>;
}

const inboxSettings = Object.values(inboxAdapters).map(({ settings }) => settings);

/** All settings, in the order of the reference. */
export const configSettings: readonly SettingFacts[] = [
  ...Object.values(processSettings),
  ...Object.values(channelAdapter.settings),
  ...inboxSettings.map(({ baseUrl }) => baseUrl),
  ...inboxSettings.map(({ appUrl }) => appUrl),
  ...inboxSettings.flatMap(({ app }) => Object.values(app)),
  ...Object.values(limitSettings),
];

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** Every problem, each with what to do. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the whole configuration. No other code reads the environment. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const problems: string[] = [];
  const read = <S extends SettingGroup<S>>(group: S): SettingValues<S> => readGroup(group, env, problems);
  const config: Config = {
    ...read(processSettings),
    channel: read(channelAdapter.settings),
    inboxes: mapInboxKinds(({ settings: { app, baseUrl, appUrl } }) => ({
      ...read({ baseUrl, appUrl }),
      app: read(app),
    })),
    ...read(limitSettings),
  };
  problems.push(...unknownNames(env), ...nodeDebugProblems(env['NODE_DEBUG']));
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

type SettingGroup<S> = { readonly [K in keyof S]: Setting<unknown> };

/** Reads the values of a group of settings. Problems are added to `problems`; then the values are incomplete. */
function readGroup<S extends SettingGroup<S>>(
  group: S,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): SettingValues<S> {
  const values = Object.entries<Setting<unknown>>(group).map(([name, one]) => [name, readOne(one, env, problems)]);
  return Object.fromEntries(values) as SettingValues<S>;
}

function readOne(
  one: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): unknown {
  const given = textOf(one, env, problems);
  if (given === null) return null;
  const read = one.read(given);
  if ('value' in read) return read.value;
  const shown = one.secret ? 'The value given' : `“${given}”`;
  problems.push(
    `${one.env}: ${shown} ${one.secret ? 'is not valid: it ' : ''}${read.problem}. For example: ${one.env}=${one.example}`,
  );
  return null;
}

function textOf(
  one: SettingFacts,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | null {
  const direct = env[one.env];
  const file = one.secret ? env[`${one.env}_FILE`] : undefined;
  if (direct !== undefined && direct !== '') {
    if (file !== undefined && file !== '') problems.push(`${one.env} and ${one.env}_FILE are both set. Remove one.`);
    return direct;
  }
  if (file === undefined || file === '') return one.fallback;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const reason = errorCodeOf(cause) ?? 'unreadable';
    problems.push(
      `${one.env}_FILE: ${file} cannot be read (${reason}). Give the path of a file that the gateway may read.`,
    );
    return null;
  }
}

/** Node.js: these write whole addresses to stderr, and Telegram's contain the bot token; `*` matches anything. */
const modulesThatLogUrls = ['undici', 'fetch', 'http', 'https', 'net', 'tls'];

function nodeDebugProblems(nodeDebug: string | undefined): readonly string[] {
  const named = (nodeDebug ?? '').split(',').map((name) => name.trim().toLowerCase());
  const logging = named.filter((name) => {
    const pattern = new RegExp(`^${name.replaceAll(/[^a-z0-9*]/g, '\\$&').replaceAll('*', '.*')}$`);
    return modulesThatLogUrls.some((module) => pattern.test(module));
  });
  return logging.length === 0
    ? []
    : [`NODE_DEBUG: “${logging.join(',')}” would print addresses that contain bot tokens. Remove it from NODE_DEBUG.`];
}

/** The `chatferry` command reads these, and may run in the same shell. */
const commandNames = ['CHATFERRY_URL', 'CHATFERRY_KEY', 'CHATFERRY_KEY_FILE', 'CHATFERRY_PROFILE'];

/** Reports names that look like settings, because a misspelt setting would otherwise be ignored. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set([
    ...commandNames,
    ...configSettings.flatMap((one) => (one.secret ? [one.env, `${one.env}_FILE`] : [one.env])),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith('CHATFERRY_') && !known.has(name))
    .map((name) => `${name} is not a setting. Correct its name or remove it; docs/configuration.md lists them all.`);
}

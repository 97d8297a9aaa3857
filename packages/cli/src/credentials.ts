import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { secret, text } from './option.ts';
import type { ChosenProfile } from './profiles.ts';
import { type SecretSource, secretInput } from './secret-input.ts';
import { UsageError } from './usage-error.ts';

export const defaultUrl = 'http://127.0.0.1:8080';

/** Options of every command, each with the environment variable that replaces it. */
export const connectionOptions = {
  profile: text('NAME', 'The gateway and the credential that `chatferry login` stored. Default: CHATFERRY_PROFILE.'),
  url: text('URL', `The address of the gateway. Default: CHATFERRY_URL, the profile's, else ${defaultUrl}.`),
  'admin-token': secret(
    "The administrator's token. Default: CHATFERRY_ADMIN_TOKEN, else the file admin-token in the data folder.",
  ),
  'data-dir': text('PATH', 'The data folder of a gateway on this machine. Default: CHATFERRY_DATA_DIR, else ./data.'),
  key: secret('A channel key or workspace key. Default: CHATFERRY_KEY.'),
} as const;

const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

const checkUrl = (url: string): string => {
  if (!/^https?:\/\/[^\s/?#][^\s?#]*$/.test(url) || !URL.canParse(url))
    throw new UsageError(
      `--url (or CHATFERRY_URL) must be an http or https address; it is “${url}”.`,
      `--url ${defaultUrl}`,
    );
  return url.replace(/(?<!\/)\/+$/, '');
};

/** The address of the gateway, without a slash at its end. A typed profile counts more than the environment. */
export const readUrl = (option: string | undefined, env: Environment, chosen: ChosenProfile | undefined): string => {
  const fromEnv = nonEmpty(env['CHATFERRY_URL']);
  const fromProfile = chosen?.profile.url;
  return checkUrl(option ?? (chosen?.isTyped === true ? fromProfile : fromEnv) ?? fromEnv ?? fromProfile ?? defaultUrl);
};

export interface CredentialSources {
  readonly source: SecretSource;
  readonly env: Environment;
  /** The address that the credential is for. */
  readonly url: string;
  readonly chosen: ChosenProfile | undefined;
}

const requirePrintable = (name: string, value: string): string => {
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new UsageError(`--${name} contains characters that are not allowed in a secret of this kind.`);
  return value;
};

const readVariable = async (variable: string, { source, env }: CredentialSources): Promise<string | undefined> => {
  const file = nonEmpty(env[`${variable}_FILE`]);
  return nonEmpty(env[variable]) ?? (file === undefined ? undefined : source.readFile(file, `${variable}_FILE`));
};

/** A credential of the profile is used at the address of the profile only. */
const ofProfile = (name: 'key' | 'admin_token', { chosen, url }: CredentialSources): string | undefined =>
  chosen !== undefined && checkUrl(chosen.profile.url) === url ? chosen.profile[name] : undefined;

/** From the environment and the profile: the profile first if it was typed. */
const readStored = async (
  variable: string,
  name: 'key' | 'admin_token',
  sources: CredentialSources,
): Promise<string | undefined> => {
  const stored = ofProfile(name, sources);
  if (sources.chosen?.isTyped === true && stored !== undefined) return stored;
  return (await readVariable(variable, sources)) ?? stored;
};

/** The API key: the option, the environment, the profile, or the answer of the person. */
export const readKey = async (sources: CredentialSources): Promise<string> => {
  const input = secretInput('key', sources.source, {
    question: 'API key',
    remedy:
      'Set CHATFERRY_KEY, or store the key once with `chatferry login`, or give --key-file. `chatferry keys create` creates a key.',
  });
  const key = (await input.given()) ?? (await readStored('CHATFERRY_KEY', 'key', sources));
  return requirePrintable('key', key ?? (await input.required()));
};

/** The path of a file in the data folder of a gateway on this machine. */
export const dataFile = (name: string, dataDir: string | undefined, env: Environment): string =>
  join(dataDir ?? nonEmpty(env['CHATFERRY_DATA_DIR']) ?? './data', name);

/** The administrator's token: the option, the environment, the profile, the data folder, or the answer of the person. */
export const readAdminToken = async (
  sources: CredentialSources & { readonly dataDir: string | undefined },
): Promise<string> => {
  const { source, env, dataDir } = sources;
  const file = dataFile('admin-token', dataDir, env);
  const input = secretInput('admin-token', source, {
    question: 'Admin token',
    remedy: `There is no ${file}. Give --data-dir with the gateway's data folder, or --admin-token-file or CHATFERRY_ADMIN_TOKEN, or store the token once with \`chatferry login\`.`,
  });
  const token =
    (await input.given()) ??
    (await readStored('CHATFERRY_ADMIN_TOKEN', 'admin_token', sources)) ??
    (await source.readFileIfPresent(file));
  return requirePrintable('admin-token', token ?? (await input.required()));
};

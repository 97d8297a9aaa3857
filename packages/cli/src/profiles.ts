/** Named gateways with their credentials, in one file that only its owner can read. */
import { isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** A gateway and what opens it. */
export interface Profile {
  readonly url: string;
  /** A channel key or workspace key. */
  readonly key?: string | undefined;
  /** The administrator's token or a script's token. */
  readonly admin_token?: string | undefined;
}

type Profiles = Readonly<Record<string, Profile>>;

export const defaultProfileName = 'default';

/** The profile of one run, and whether the command line named it. */
export interface ChosenProfile {
  readonly name: string;
  readonly profile: Profile;
  /** `--profile` was typed: it then counts more than the environment. */
  readonly isTyped: boolean;
}

/** Undefined without a home folder: then there are no profiles. */
const profilesPath = (env: Environment): string | undefined => {
  const configured = env['XDG_CONFIG_HOME'] ?? '';
  // https://specifications.freedesktop.org/basedir-spec/latest: a relative path is ignored.
  if (isAbsolute(configured)) return join(configured, 'chatferry', 'profiles.json');
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  return home === '' ? undefined : join(home, '.config', 'chatferry', 'profiles.json');
};

const requirePath = (env: Environment): string => {
  const path = profilesPath(env);
  if (path !== undefined) return path;
  throw new UsageError('There is no folder for profiles: neither XDG_CONFIG_HOME nor HOME is set.');
};

const isProfile = (value: unknown): value is Profile => {
  if (typeof value !== 'object' || value === null || !('url' in value) || typeof value.url !== 'string') return false;
  const others = [(value as Profile).key, (value as Profile).admin_token];
  return others.every((one) => one === undefined || typeof one === 'string');
};

const parseProfiles = (text: string, path: string): Profiles => {
  const broken = new UsageError(`${path} is not a list of profiles. Correct it, or remove it and log in again.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw broken;
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null || !Object.values(parsed).every(isProfile)) throw broken;
  return parsed as Profiles;
};

interface ProfileDeps {
  readonly env: Environment;
  readonly terminal: Terminal;
}

/** All profiles. Throws `UsageError` if other users of the machine can read the file. */
export const readProfiles = async ({ env, terminal }: ProfileDeps): Promise<Profiles> => {
  const path = profilesPath(env);
  if (path === undefined) return {};
  const file = await terminal.readPrivateFile(path);
  if (file === undefined) return {};
  if (!file.isPrivate)
    throw new UsageError(`Other users of this machine can read ${path}, which has credentials.`, `chmod 600 ${path}`);
  return parseProfiles(file.text, path);
};

/** The profile of `--profile`, `CHATFERRY_PROFILE` or the name `default`. Undefined if none was asked for and there is none. */
export const chooseProfile = async (
  typed: string | undefined,
  deps: ProfileDeps,
): Promise<ChosenProfile | undefined> => {
  const asked = typed ?? (deps.env['CHATFERRY_PROFILE'] || undefined);
  const name = asked ?? defaultProfileName;
  const profiles = await readProfiles(deps);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return { name, profile, isTyped: typed !== undefined };
  if (asked === undefined) return undefined;
  const known = Object.keys(profiles);
  const choice = known.length === 0 ? 'There are none yet.' : `There are: ${known.join(', ')}.`;
  throw new UsageError(`There is no profile “${name}”. ${choice}`, `chatferry login --profile ${name}`);
};

/** A name that is safe in a shell and in messages. */
const requireName = (name: string): string => {
  if (/^[a-z0-9][a-z0-9_.-]{0,63}$/i.test(name)) return name;
  throw new UsageError(
    'The name of a profile has letters, digits, dots, dashes and underscores only.',
    '--profile work',
  );
};

/** Stores a profile, in place of one of the same name. Resolves with the path of the file. */
export const storeProfile = async (name: string, profile: Profile, deps: ProfileDeps): Promise<string> => {
  const path = requirePath(deps.env);
  const profiles = { ...(await readProfiles(deps)), [requireName(name)]: profile };
  await deps.terminal.writePrivateFile(path, `${JSON.stringify(profiles, null, 2)}\n`);
  return path;
};

/** Removes a profile. Throws `UsageError` if there is none of this name. */
export const removeProfile = async (name: string, deps: ProfileDeps): Promise<void> => {
  await chooseProfile(name, deps);
  const { [name]: _, ...rest } = await readProfiles(deps);
  await deps.terminal.writePrivateFile(requirePath(deps.env), `${JSON.stringify(rest, null, 2)}\n`);
};

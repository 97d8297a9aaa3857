import { ApiError, type Chatferry } from '@chatferry/sdk';
import { createClient } from '../client.ts';
import { type Call, type Command, defineLocalCommand, type Outcome } from '../command.ts';
import { readUrl } from '../credentials.ts';
import type { Options, SecretInput } from '../option.ts';
import { defaultProfileName, type Profile, readProfiles, removeProfile, storeProfile } from '../profiles.ts';
import { UsageError } from '../usage-error.ts';
import { type Row, table } from '../view.ts';

const profileName = ({ common, env }: Call<Options>): string =>
  common.profile ?? (env['CHATFERRY_PROFILE'] || defaultProfileName);

/** The address: typed, from the environment, or asked for. */
const readAddress = async ({ common, env, terminal }: Call<Options>): Promise<string> => {
  const known = readUrl(common.url, env, undefined);
  if (common.url !== undefined || env['CHATFERRY_URL'] || !terminal.isInteractive) return known;
  const answer = await terminal.ask('Address of the gateway', { isHidden: false, proposal: known });
  return readUrl(answer.trim() || known, env, undefined);
};

const requireCredential = async (call: Call<Options>): Promise<Pick<Profile, 'key' | 'admin_token'>> => {
  const { common, terminal } = call;
  const [key, token] = [await common.key.given(), await common['admin-token'].given()];
  if (key !== undefined || token !== undefined) return { key, admin_token: token };
  if (!terminal.isInteractive)
    throw new UsageError('There is nothing to store.', 'chatferry login --key-file ./key   (or --admin-token-file)');
  const kind = await terminal.choose('What do you log in with?', [
    { value: 'key', label: 'An API key', hint: 'sends and reads messages' },
    { value: 'token', label: 'The administrator’s token', hint: 'connects inboxes and bots, makes keys' },
  ]);
  const ask = (input: SecretInput) => input.required();
  return kind === 'key' ? { key: await ask(common.key) } : { admin_token: await ask(common['admin-token']) };
};

/** A key that may only send is a good key too. */
const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

const tryOut = async (attempt: PromiseLike<unknown>): Promise<void> => {
  try {
    await attempt;
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
};

/** Asks the gateway whether it knows the credentials. Throws its refusal. */
const checkProfile = async ({ url, key, admin_token }: Profile): Promise<void> => {
  const client = (credentials: Parameters<typeof createClient>[1]): Chatferry => createClient(url, credentials);
  if (key !== undefined) await tryOut(client({ key }).request('listMessages', { limit: 1 }));
  if (admin_token !== undefined)
    await tryOut(client({ adminToken: admin_token }).request('listWorkspaces', { limit: 1 }));
};

const login = async (call: Call<Options>): Promise<Outcome> => {
  const name = profileName(call);
  const url = await readAddress(call);
  const profile: Profile = { url, ...(await requireCredential(call)) };
  await checkProfile(profile);
  const path = await storeProfile(name, profile, call);
  const use = name === defaultProfileName ? 'Every command uses it now' : `Use it with --profile ${name}`;
  return {
    json: { profile: name, url, stored_in: path },
    view: [`The credentials for ${url} are in the profile “${name}”, in ${path}. ${use}.`],
  };
};

const logout = async (call: Call<Options>): Promise<Outcome> => {
  const name = profileName(call);
  await removeProfile(name, call);
  return { json: { profile: name }, view: [`The profile “${name}” is removed.`] };
};

const rowOfProfile = ([name, { url, key, admin_token }]: readonly [string, Profile]): Row => ({
  profile: name,
  url,
  'has a key': key !== undefined,
  'has a token': admin_token !== undefined,
});

const listProfiles = async (call: Call<Options>): Promise<Outcome> => {
  const entries = Object.entries(await readProfiles(call));
  const json = entries.map(([name, { url, key, admin_token }]) => ({
    name,
    url,
    has_key: key !== undefined,
    has_admin_token: admin_token !== undefined,
  }));
  if (entries.length === 0) return { json, view: ['There are no profiles. Make one: chatferry login'] };
  return { json, view: [table(entries.map(rowOfProfile))] };
};

export const profileCommands: readonly Command[] = [
  defineLocalCommand({
    name: 'login',
    summary: 'Store the address of a gateway and a credential, so that other commands need neither.',
    description:
      'They are stored in a file that only you can read, in the folder chatferry of XDG_CONFIG_HOME (else ~/.config). The gateway must know the credential. Without --profile the profile is called default, and every command uses it.',
    examples: ['login', 'login --profile production --url https://chat.example.com --key-file ./key'],
    run: login,
  }),
  defineLocalCommand({
    name: 'logout',
    summary: 'Remove a stored profile.',
    run: logout,
    examples: ['logout --profile production'],
  }),
  defineLocalCommand({
    name: 'profiles',
    summary: 'List the stored profiles, without their credentials.',
    run: listProfiles,
  }),
];

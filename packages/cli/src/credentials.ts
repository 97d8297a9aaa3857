import { join } from 'node:path';
import { secret, text } from './option.ts';
import { type SecretSource, secretInput } from './secret-input.ts';
import { UsageError } from './usage-error.ts';

/** Options of every command, with the variable that stands in for each. */
export const connectionOptions = {
  url: text('URL', 'Where the gateway is; else CHATFERRY_URL, else http://127.0.0.1:8080.'),
  'admin-token': secret(
    'The administrator’s token; else CHATFERRY_ADMIN_TOKEN, else the file admin-token in the data folder.',
  ),
  'data-dir': text('PATH', 'The data folder of a gateway on this machine; else CHATFERRY_DATA_DIR, else ./data.'),
  key: secret('A channel key or workspace key; else CHATFERRY_KEY.'),
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** The address of the gateway, without a slash at its end. */
export const urlOf = (option: string | undefined, env: Environment): string => {
  const url = option ?? given(env['CHATFERRY_URL']) ?? 'http://127.0.0.1:8080';
  if (!/^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(url) || !URL.canParse(url))
    throw new UsageError(
      `--url (or CHATFERRY_URL) must be an http or https address; it is “${url}”.`,
      '--url http://127.0.0.1:8080',
    );
  return url.replace(/\/+$/, '');
};

interface Asked {
  readonly source: SecretSource;
  readonly env: Environment;
}

const visible = (name: string, value: string): string => {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new UsageError(`--${name} has characters that no such secret has.`);
  return value;
};

const fromEnvironment = async (variable: string, { source, env }: Asked): Promise<string | undefined> => {
  const file = given(env[`${variable}_FILE`]);
  return given(env[variable]) ?? (file === undefined ? undefined : source.readFile(file, `${variable}_FILE`));
};

export const keyOf = async (asked: Asked): Promise<string> => {
  const input = secretInput('key', asked.source, {
    question: 'API key',
    remedy: 'Give --key, --key-file or CHATFERRY_KEY. `chatferry keys create` makes one.',
  });
  const key = (await input.given()) ?? (await fromEnvironment('CHATFERRY_KEY', asked));
  return visible('key', key ?? (await input.required()));
};

export const adminTokenOf = async (asked: Asked & { readonly dataDir: string | undefined }): Promise<string> => {
  const { source, env } = asked;
  const file = join(asked.dataDir ?? given(env['CHATFERRY_DATA_DIR']) ?? './data', 'admin-token');
  const input = secretInput('admin-token', source, {
    question: 'Admin token',
    remedy: `There is no ${file}. Give --data-dir with the gateway's data folder, or --admin-token, --admin-token-file or CHATFERRY_ADMIN_TOKEN.`,
  });
  const token =
    (await input.given()) ??
    (await fromEnvironment('CHATFERRY_ADMIN_TOKEN', asked)) ??
    (await source.readFileIfThere(file));
  return visible('admin-token', token ?? (await input.required()));
};

/** The reference of the gateway's settings, and an environment file to start from. */
import type { SettingFacts } from '@chatferry/gateway/internal/ports/setting';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

const printDefault = ({ fallback, without }: SettingFacts): string => {
  if (fallback === null) return without === undefined ? 'none' : `none: ${without}`;
  return fallback === '' ? 'none' : code(fallback);
};

const row = (one: SettingFacts): readonly string[] => [
  code(one.env),
  one.description,
  printDefault(one),
  code(`${one.env}=${one.example}`),
];

/** Prints `docs/configuration.md`. */
export const printConfiguration = (settings: readonly SettingFacts[]): string => {
  const secrets = settings.filter((one) => one.secret).map((one) => code(one.env));
  return `<!-- Generated from the settings in packages/gateway/src/config and adapters by \`npm run gen\`. Do not edit. -->

# Configuration

The gateway reads its settings from the environment, once, when it starts. Every setting has a default or is optional, so
\`npm start\` needs none. The gateway does not start if a value is invalid, or if a name begins with \`CHATFERRY_\` and is
not a setting. It then lists every problem with an example.

You can also give a secret as a file: append \`_FILE\` to the name and give the path of the file. Secrets are never
printed. The secrets are:

${secrets.map((name) => `- ${name}`).join('\n')}

${markdownTable(['name', 'what it does', 'default', 'for example'], settings.map(row))}

Bot tokens and the credentials of Intercom and HubSpot are not settings. They belong to channels and workspaces, and are
stored sealed in the database.

\`.env.example\` has the same list to copy. Run \`cp .env.example .env\`, change what you need, and start with
\`set -a; . ./.env; set +a; npm start\`.

## The chatferry command

The command reads \`CHATFERRY_URL\` (the address of the gateway), \`CHATFERRY_KEY\` (a channel key or workspace key),
\`CHATFERRY_ADMIN_TOKEN\`, \`CHATFERRY_DATA_DIR\` and \`CHATFERRY_PROFILE\` (what \`chatferry login\` stored). The secrets also
work with \`_FILE\`. The gateway ignores the address, the key and the profile, so that both can run from one shell.
`;
};

/** An example that is a command which makes the value. */
const commandExample = /^\$\((.+)\)$/;

const envLines = (one: SettingFacts): string => {
  const made = commandExample.exec(one.example)?.[1];
  const without = one.without === undefined ? [] : [`# Without it ${one.without}.`];
  const how = made === undefined ? [] : [`# Make one: ${made}`];
  const shown = made === undefined ? one.fallback || one.example : '';
  return [`# ${one.description}`, ...without, ...how, `#${one.env}=${shown}`].join('\n');
};

/** Prints `.env.example`: every setting, commented out, with its default or an example. */
export const printEnvExample = (settings: readonly SettingFacts[]): string =>
  [
    '# Generated from the settings in packages/gateway/src/config and adapters by `npm run gen`. Do not edit; copy it to .env.',
    '# The reference is docs/configuration.md. Use it with: set -a; . ./.env; set +a; npm start',
    ...settings.map((one) => `\n${envLines(one)}`),
    '',
  ].join('\n');

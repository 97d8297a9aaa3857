/** The reference of the gateway's settings, and an environment file to start from. */
import type { SettingFacts } from '@chatferry/gateway/internal/ports/setting';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

const fallbackOf = ({ fallback, without }: SettingFacts): string => {
  if (fallback === null) return without === undefined ? 'none' : `none: ${without}`;
  return fallback === '' ? 'none' : code(fallback);
};

const row = (one: SettingFacts): readonly string[] => [
  code(one.env),
  one.description,
  fallbackOf(one),
  code(`${one.env}=${one.example}`),
];

/** `docs/configuration.md` */
export const printConfiguration = (settings: readonly SettingFacts[]): string => {
  const secrets = settings.filter((one) => one.secret).map((one) => code(one.env));
  return `<!-- Generated from packages/gateway/src/config/config.ts by \`npm run gen\`. Do not edit. -->

# Configuration

The gateway reads its settings from the environment, once, when it starts. Every setting has a default or may be left out, so \`npm start\` needs none.
A value that does not fit, and a name that begins with \`CHATFERRY_\` and is no setting, keep it from starting; it then lists every problem with an example.

Secrets (${secrets.join(', ')}) may also be given as a file: put \`_FILE\` behind the name and give its path. They are never printed.

${markdownTable(['name', 'what it does', 'default', 'for example'], settings.map(row))}

Bot tokens and the credentials of Intercom and HubSpot are no settings: they belong to channels and workspaces, and are kept sealed in the database.

\`.env.example\` has the same list to copy: \`cp .env.example .env\`, change what you need, and start with \`set -a; . ./.env; set +a; npm start\`.

## The chatferry command

It reads \`CHATFERRY_URL\` (where the gateway is), \`CHATFERRY_KEY\` (a channel key or workspace key), \`CHATFERRY_ADMIN_TOKEN\` and \`CHATFERRY_DATA_DIR\`,
the secrets also with \`_FILE\`. The gateway ignores the first two, so that both can run from one shell.
`;
};

const makeCommand = /^\$\((.+)\)$/;

const envLines = (one: SettingFacts): string => {
  const made = makeCommand.exec(one.example)?.[1];
  const without = one.without === undefined ? [] : [`# Without it ${one.without}.`];
  const how = made === undefined ? [] : [`# Make one: ${made}`];
  const shown = made === undefined ? one.fallback || one.example : '';
  return [`# ${one.description}`, ...without, ...how, `#${one.env}=${shown}`].join('\n');
};

/** `.env.example`: every setting, switched off, with its default or an example. */
export const printEnvExample = (settings: readonly SettingFacts[]): string =>
  [
    '# Generated from packages/gateway/src/config/config.ts by `npm run gen`. Do not edit; copy it to .env.',
    '# The reference is docs/configuration.md. Use it with: set -a; . ./.env; set +a; npm start',
    ...settings.map((one) => `\n${envLines(one)}`),
    '',
  ].join('\n');

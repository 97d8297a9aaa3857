import type { AdminToken, AdminTokenCreated, Person, PersonInvited } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { deleteCommand, listCommand, operationCommand } from '../operation-command.ts';
import { choice, list, required, secret, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type Row, time, type View } from '../view.ts';

const describeAccess = (workspaces: readonly string[] | null): string => workspaces?.join(', ') ?? 'all workspaces';

const rowOfPerson = (person: Person): Row => ({
  id: person.id,
  name: person.name,
  email: person.email,
  role: person.role,
  in: describeAccess(person.workspaces),
  state: person.state,
  'second factor': person.two_factor,
});

const describeInvitation = (invited: PersonInvited): View => [
  fields(rowOfPerson(invited)),
  `The invitation, for POST /api/v1/claim within 7 days. It is shown only now:\n\n  ${invited.invitation}`,
];

const claimOptions = {
  email: required(text('ADDRESS', 'The e-mail address for sign-in.')),
  name: text('NAME', 'The name of the person. Default: the address.'),
  password: secret('The password of the new account. Default: asked for.'),
  token: secret('The token for the first owner. Default: the file claim-token in the data folder.'),
} as const;

/** The token of a gateway on this machine is in its data folder, until an account exists. */
const readClaimToken = async ({ values, readDataFile }: Call<typeof claimOptions>): Promise<string> => {
  const given = await values.token.given();
  if (given !== undefined) return given;
  const { path, text: token } = await readDataFile('claim-token');
  if (token === undefined)
    throw new UsageError(
      `There is no ${path}. The gateway writes it at each start as long as no account exists. Give --data-dir with the gateway's data folder, or --token-file. If an account exists, use \`chatferry people invite\`.`,
    );
  return token;
};

const readClaim = async (call: Call<typeof claimOptions>) => {
  const { email, name, password } = call.values;
  const token = await readClaimToken(call);
  return { token, email, name: name ?? email, password: await password.required() };
};

const describeToken = (token: AdminToken): View => [
  fields({
    id: token.id,
    name: token.name,
    role: token.role,
    in: describeAccess(token.workspaces),
    expires: token.expires_at === null ? 'never' : time(token.expires_at),
    revoked: token.revoked_at && time(token.revoked_at),
    'last used': token.last_used_at === null ? 'never' : `${time(token.last_used_at)} from ${token.last_used_from}`,
  }),
];

const rowOfToken = (token: AdminToken): Row => ({
  id: token.id,
  name: token.name,
  role: token.role,
  in: describeAccess(token.workspaces),
  state: token.revoked_at === null ? '' : 'revoked',
  'last used': time(token.last_used_at),
});

const describeNewToken = (token: AdminTokenCreated): View => [
  ...describeToken(token),
  `The token. It is shown only now:\n\n  ${token.secret}`,
];

const accessOptions = {
  role: choice(['owner', 'admin', 'member', 'read-only'], 'The role. Default: read-only.'),
  workspaces: list('LIST', 'The workspaces that may be accessed, such as wsp_1,wsp_2. Default: all.'),
} as const;

const inviteOptions = {
  email: text('ADDRESS', 'The e-mail address for sign-in.'),
  name: text('NAME', 'The name of the person. Default: the address.'),
  ...accessOptions,
} as const;

const tokenOptions = {
  name: text('NAME', 'The name of the token. Default: Script.'),
  ...accessOptions,
  'expires-at': text('TIME', 'When the token expires, such as 2030-01-31T12:00:00Z. Default: never.'),
} as const;

const readAccess = (values: Call<typeof accessOptions>['values']) => ({
  role: values.role ?? ('read-only' as const),
  workspaces: values.workspaces ?? null,
});

const readInvitation = ({ values }: Call<typeof inviteOptions>) => {
  const email = values.email ?? '';
  return { email, name: values.name ?? email, ...readAccess(values) };
};

const readToken = ({ values }: Call<typeof tokenOptions>) => ({
  name: values.name ?? 'Script',
  ...readAccess(values),
  expires_at: values['expires-at'],
});

export const peopleCommands: readonly Command[] = [
  operationCommand({
    name: 'people invite',
    operation: 'invitePerson',
    options: inviteOptions,
    examples: ['people invite --email ben@acme.test --name Ben --role member'],
    request: readInvitation,
    view: describeInvitation,
  }),
  operationCommand({
    name: 'people claim',
    operation: 'claim',
    summary: 'Create the first owner of a new gateway.',
    description:
      'Reads the token from the file claim-token in the data folder, which a start of the gateway writes as long as there is no account.',
    options: claimOptions,
    examples: ['people claim --email ada@acme.test --name Ada'],
    request: readClaim,
    view: (person) => [fields(rowOfPerson(person))],
  }),
  operationCommand({
    name: 'people invite-again',
    operation: 'inviteAgain',
    request: () => ({}),
    view: describeInvitation,
  }),
  listCommand({
    name: 'people list',
    operation: 'listPeople',
    show: rowOfPerson,
    columns: ['id', 'name', 'email', 'role', 'in', 'state'],
    empty: 'There are no accounts yet.',
  }),
  deleteCommand({
    name: 'people delete',
    operation: 'deletePerson',
    confirmation: (person) => `Delete the account ${person}?`,
  }),
  operationCommand({
    name: 'tokens create',
    operation: 'createAdminToken',
    options: tokenOptions,
    examples: ['tokens create --name Reports --role read-only'],
    request: readToken,
    view: describeNewToken,
  }),
  listCommand({
    name: 'tokens list',
    operation: 'listAdminTokens',
    show: rowOfToken,
    empty: 'There are no tokens.',
  }),
  operationCommand({
    name: 'tokens revoke',
    operation: 'revokeAdminToken',
    view: describeToken,
  }),
];

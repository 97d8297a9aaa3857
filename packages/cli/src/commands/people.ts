import type { AdminToken, Person } from '@chatferry/sdk';
import { type Command, command } from '../command.ts';
import { choice, flag, text } from '../option.ts';
import { block, page, paragraphs, time } from '../output.ts';
import { pagingOptions } from './paging-options.ts';

const roles = ['owner', 'admin', 'member', 'read-only'] as const;
const listOf = (words: string | undefined): string[] | null =>
  words === undefined ? null : words.split(',').filter((word) => word !== '');
const placeOf = (workspaces: readonly string[] | null): string => workspaces?.join(', ') ?? 'every workspace';

const describePerson = (person: Person): string =>
  block({
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    in: placeOf(person.workspaces),
    state: person.state,
    'second factor': person.two_factor ? 'yes' : 'no',
  });

const describeToken = (token: AdminToken): string =>
  block({
    id: token.id,
    name: token.name,
    role: token.role,
    in: placeOf(token.workspaces),
    expires: token.expires_at === null ? 'never' : time(token.expires_at),
    revoked: token.revoked_at === null ? null : time(token.revoked_at),
    'last used': token.last_used_at === null ? 'never' : `${time(token.last_used_at)} from ${token.last_used_from}`,
  });

const role = choice(roles, 'What it may do; read-only when absent.');
const workspaces = text('LIST', 'The workspaces that it is for, as wsp_1,wsp_2; every one when absent.');

export const peopleCommands: readonly Command[] = [
  command({
    name: 'people invite',
    summary: 'Invite somebody; prints what they set their password with.',
    auth: 'admin',
    options: {
      email: text('ADDRESS', 'By which they sign in.'),
      name: text('NAME', 'What they are called; the address when absent.'),
      role,
      workspaces,
    },
    examples: ['people invite --email ben@acme.test --name Ben --role member'],
    async run({ values, connect }) {
      const email = values.email ?? '';
      const invited = await (await connect()).invitePerson({
        email,
        name: values.name ?? email,
        role: values.role ?? 'read-only',
        workspaces: listOf(values.workspaces),
      });
      const told = `Their invitation, for POST /api/v1/claim within 7 days; it is shown only now:\n\n  ${invited.invitation}`;
      return { json: invited, text: paragraphs(describePerson(invited), told) };
    },
  }),
  command({
    name: 'people list',
    summary: 'List who has an account.',
    auth: 'admin',
    options: { ...pagingOptions },
    examples: ['people list'],
    async run({ values, connect }) {
      const found = await (await connect()).listPeople({ limit: values.limit, cursor: values.cursor });
      const rows = found.data.map((one) => [one.id, one.name, one.email, one.role, placeOf(one.workspaces), one.state]);
      const lines = { headings: ['ID', 'NAME', 'EMAIL', 'ROLE', 'IN', 'STATE'], rows };
      return { json: found, text: page(lines, found.next_cursor, 'Nobody has an account yet.') };
    },
  }),
  command({
    name: 'people delete',
    summary: 'Delete an account; its sessions end.',
    argument: 'person',
    auth: 'admin',
    options: { yes: flag('Do not ask.') },
    examples: ['people delete per_01k8xample'],
    async run({ values, subject, connect, confirm }) {
      await confirm(`Delete the account ${subject}?`, values.yes);
      const json = await (await connect()).deletePerson({ person_id: subject });
      return { json, text: `Deleted ${subject}.` };
    },
  }),
  command({
    name: 'tokens create',
    summary: 'Make a token for a script.',
    auth: 'admin',
    options: {
      name: text('NAME', 'What you call it; Script when absent.'),
      role,
      workspaces,
      'expires-at': text('TIME', 'When it ends, as 2030-01-31T12:00:00Z; never when absent.'),
    },
    examples: ['tokens create --name Reports --role read-only'],
    async run({ values, connect }) {
      const made = await (await connect()).createAdminToken({
        name: values.name ?? 'Script',
        role: values.role ?? 'read-only',
        workspaces: listOf(values.workspaces),
        expires_at: values['expires-at'],
      });
      return {
        json: made,
        text: paragraphs(describeToken(made), `The token; it is shown only now:\n\n  ${made.secret}`),
      };
    },
  }),
  command({
    name: 'tokens list',
    summary: 'List tokens, revoked ones too.',
    auth: 'admin',
    options: { ...pagingOptions },
    examples: ['tokens list'],
    async run({ values, connect }) {
      const found = await (await connect()).listAdminTokens({ limit: values.limit, cursor: values.cursor });
      const rows = found.data.map((one) => [
        one.id,
        one.name,
        one.role,
        placeOf(one.workspaces),
        one.revoked_at === null ? '' : 'revoked',
        time(one.last_used_at),
      ]);
      const lines = { headings: ['ID', 'NAME', 'ROLE', 'IN', 'STATE', 'LAST USED'], rows };
      return { json: found, text: page(lines, found.next_cursor, 'There are no tokens.') };
    },
  }),
  command({
    name: 'tokens revoke',
    summary: 'End a token at once.',
    argument: 'token',
    auth: 'admin',
    options: {},
    examples: ['tokens revoke tok_01k8xample'],
    async run({ subject, connect }) {
      const token = await (await connect()).revokeAdminToken({ token_id: subject });
      return { json: token, text: describeToken(token) };
    },
  }),
];

import { addressFieldsOf, type FieldPath, type OperationSpec } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import { ApiError, invalidValue } from './api-error.ts';

/** The servers of providers that the operator has listed, by name. Tenants may choose among them. */
export type ProviderServers = Readonly<Record<string, string>>;

/** Resolves the addresses in the bodies of one operation, or refuses them. Runs before the operation, which may call them. */
export type ResolveAddresses = (body: unknown, principal: Principal | null) => unknown;

/**
 * The rule for every field of the operation that names a place to call. Such a place gets secrets, so it belongs to the operator:
 * only a principal with access to the whole installation gives a URL. All others give a name that the operator has listed, or
 * exactly its URL.
 */
export function createAddressRule(servers: ProviderServers, { body: schema }: OperationSpec): ResolveAddresses {
  const paths = schema === undefined ? [] : addressFieldsOf(schema);
  if (paths.length === 0) return (body) => body;
  return (body, principal) =>
    paths.reduce<unknown>(
      (resolved, path) => replaceAt(resolved, path, [], (text, at) => resolveOne(servers, principal, text, at)),
      body,
    );
}

/** Whether a principal decides for the whole installation. */
const decidesForAll = ({ reach, permissions }: Principal): boolean =>
  reach.workspaces === 'all' && reach.channelId === null && permissions.has('administer');

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

function resolveOne(servers: ProviderServers, principal: Principal | null, text: string, at: FieldPath): string {
  const listed = listedServer(servers, text);
  if (listed !== null) return listed;
  const field = at.join('.');
  const names = Object.keys(servers);
  const choice =
    names.length === 0
      ? 'it has listed none yet (CHATFERRY_PROVIDER_SERVERS). Leave the field out for the usual server.'
      : `it has listed ${names.join(', ')}.`;
  if (!isUrl(text)) {
    throw invalidValue(
      `/${at.join('/')}`,
      `${field} must be a URL, or the name of a server that the operator of the gateway has listed; ${choice}`,
    );
  }
  if (principal === null || !decidesForAll(principal)) {
    const message = `${field} is a URL, which only a credential with access to the whole installation may give. Choose the name of a server that the operator of the gateway has listed; ${choice}`;
    throw new ApiError('FORBIDDEN', { message, details: [{ pointer: `/${at.join('/')}`, message }] });
  }
  if (!URL.canParse(text)) throw invalidValue(`/${at.join('/')}`, `${field} must be a valid http or https address.`);
  // RFC 2606: nothing has such a name. Test mode answers at one.
  if (new URL(text).hostname.endsWith('.invalid'))
    throw invalidValue(`/${at.join('/')}`, `${field} must name a server: no server has a name that ends in .invalid.`);
  return text;
}

function withoutSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}

function listedServer(servers: ProviderServers, text: string): string | null {
  if (Object.hasOwn(servers, text)) return servers[text] ?? null;
  return Object.values(servers).find((url) => isUrl(text) && withoutSlashes(text) === url) ?? null;
}

/** A copy of `value` in which the texts at `path` are replaced; `*` stands for every element, and for every key. */
function replaceAt(
  value: unknown,
  path: FieldPath,
  at: FieldPath,
  replace: (text: string, at: FieldPath) => string,
): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? replace(value, at) : value;
  const into = (key: string, inner: unknown) =>
    step === '*' || step === key ? replaceAt(inner, rest, [...at, key], replace) : inner;
  if (Array.isArray(value)) return value.map((inner, index) => into(String(index), inner));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, into(key, inner)]));
}

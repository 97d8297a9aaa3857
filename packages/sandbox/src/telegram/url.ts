import { isIPv6 } from 'node:net';

/** An address as Telegram parses it. */
export interface ParsedUrl {
  readonly protocol: 'http' | 'https';
  readonly userinfo: string;
  /** Lower case; an IPv6 address keeps its brackets. */
  readonly host: string;
  readonly isIpv6: boolean;
  /** 0 when the address has no port. */
  readonly specifiedPort: number;
  /** Path, query and fragment; at least `/`. */
  readonly query: string;
}

export type UrlResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string) => ({ ok: false, reason }) as const;

/** Telegram (TDLib HttpUrl): the default scheme is `defaultProtocol`; only http and https are allowed. */
export function parseUrl(url: string, defaultProtocol: 'http' | 'https' = 'http'): UrlResult<ParsedUrl> {
  const scheme = /^(.*?):\/\//s.exec(url);
  const named = scheme?.[1]?.toLowerCase();
  if (named !== undefined && named !== 'http' && named !== 'https') return refused('Unsupported URL protocol');
  const protocol = named ?? defaultProtocol;
  const rest = url.slice(scheme?.[0].length ?? 0);
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const port = /^(.+):([^:\]@]*)$/s.exec(authority);
  const specifiedPort = port ? portNumber(port[2] ?? '') : 0;
  if (specifiedPort === undefined) return refused('Wrong port number specified in the URL');
  const userinfoAndHost = port?.[1] ?? authority;
  const at = userinfoAndHost.lastIndexOf('@');
  const userinfo = at === -1 ? '' : userinfoAndHost.slice(0, at);
  const host = userinfoAndHost.slice(at + 1).toLowerCase();
  const isIpv6 = host.startsWith('[') && host.endsWith(']');
  if (isIpv6 && !isIPv6(host.slice(1, -1))) return refused('Wrong IPv6 address specified in the URL');
  if (host === '') return refused('URL host is empty');
  if (host === '.') return refused('Host is invalid');
  const wrong =
    invalidCharacterProblem(isIpv6 ? host.slice(1, -1) : host, 'host', isIpv6) ??
    invalidCharacterProblem(userinfo, 'userinfo', true);
  if (wrong !== undefined) return refused(wrong);
  return {
    ok: true,
    value: { protocol, userinfo, host, isIpv6, specifiedPort, query: queryOf(rest.slice(authority.length)) },
  };
}

/**
 * Telegram (TDLib LinkManager): the check of a button's link. `https`, for Web Apps and login, allows only HTTPS. The
 * value is the link as Telegram stores it: the host in lower case, an empty path as `/`.
 */
export function checkLink(link: string, allowed: 'any' | 'https' = 'any'): UrlResult<string> {
  const trimmed = link.trim();
  const reason = (why: string) => refused(`URL '${link}' is invalid: ${why}`);
  const own = /^(tg|ton|tonsite):(?:\/\/)?/i.exec(trimmed);
  const scheme = own?.[1]?.toLowerCase();
  const parsed = parseUrl(trimmed.slice(own?.[0].length ?? 0));
  if (!parsed.ok) return reason(parsed.reason);
  const url = parsed.value;
  if (allowed === 'https' && (scheme !== undefined || url.protocol !== 'https'))
    return reason('Only HTTPS links are allowed');
  const port = url.specifiedPort === 0 ? '' : `:${url.specifiedPort}`;
  if (scheme !== undefined) {
    if (url.protocol === 'https' || url.userinfo !== '' || port !== '' || url.isIpv6)
      return reason(scheme === 'tg' ? 'Wrong tg URL' : 'Wrong ton URL');
    if (!(scheme === 'tonsite' ? /^[\w.-]+$/ : /^[\w-]+$/).test(url.host))
      return reason('Unallowed characters in URL host');
    return { ok: true, value: `${scheme}://${url.host}${url.query.replace(/^\/(?=\?|$)/, '')}` };
  }
  if (!url.host.includes('.') && !url.isIpv6) return reason('Wrong HTTP URL');
  const userinfo = url.userinfo === '' ? '' : `${url.userinfo}@`;
  return { ok: true, value: `${url.protocol}://${userinfo}${url.host}${port}${url.query}` };
}

function portNumber(digits: string): number | undefined {
  if (!/^\d+$/.test(digits)) return undefined;
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? port : undefined;
}

function queryOf(given: string): string {
  const query = given.trimEnd();
  const encoded = [...query].map((c) => (c <= ' ' ? encodeURIComponent(c) : c)).join('');
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

function invalidCharacterProblem(part: string, name: string, allowColon: boolean): string | undefined {
  const unescaped = part.replace(/%[0-9a-f]{2}/gi, '');
  if (unescaped.includes('%')) return `Wrong percent-encoded symbol in URL ${name}`;
  const rest = allowColon ? unescaped.replaceAll(':', '') : unescaped;
  return /^[\w.\-!$,~*'();&+=\u0080-\u{10ffff}]*$/u.test(rest) ? undefined : `Disallowed character in URL ${name}`;
}

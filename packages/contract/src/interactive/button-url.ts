/**
 * Telegram's rule for the URLs of buttons, from TDLib LinkManager.cpp `check_link`: http and https with a host that looks
 * public, tg, ton and tonsite; no scheme means http. URLs that Telegram would silently read as something else (`mailto:` as a user name) are refused. The URL is never fetched.
 */

const wrongProtocol = 'must use http, https, tg, ton or tonsite; Telegram opens no other addresses.';
const wrongHost = 'must name a host with a dot in it, or an IPv6 address in brackets; Telegram refuses other hosts.';
const wrongPort = 'must have a port from 1 to 65535, or no port.';

const hostCharacters = /^[^\s\p{Cc}"#$%&'()*+,/:;<=>?@[\\\]^`{|}~]+$/u;
const ipv6Characters = /^\[[0-9a-f:.]*\]$/i;

const authorityProblem = (rest: string): string | undefined => {
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const afterUser = authority.slice(authority.lastIndexOf('@') + 1);
  const port = /:([^:\]]*)$/.exec(afterUser);
  const host = port === null ? afterUser : afterUser.slice(0, port.index);
  if (port !== null) {
    const digits = port[1] ?? '';
    const number = Number(digits);
    if (!/^\d+$/.test(digits) || number < 1 || number > 65535) return wrongPort;
  }
  if (host.includes(':') && ipv6Characters.test(host)) return undefined;
  return host.includes('.') && hostCharacters.test(host) && /[^.]/.test(host) ? undefined : wrongHost;
};

const deepLinkProblem = (scheme: string, rest: string): string | undefined => {
  const host = rest.replace(/^\/\//, '').split(/[/?#]/, 1)[0] ?? '';
  if (/^tonsite$/i.test(scheme)) {
    return /^[a-z0-9_.-]+$/i.test(host) && /[^.]/.test(host)
      ? undefined
      : 'must name the host of the tonsite link, in letters, digits, -, _ and dots.';
  }
  return /^[a-z0-9_-]+$/i.test(host)
    ? undefined
    : 'must name the target of the tg or ton link, in letters, digits, - and _.';
};

/** Why Telegram would refuse this URL for a `url` button. Undefined if it would accept it. */
export const urlProblem = (url: string): string | undefined => {
  const deepLink = /^(tg|ton|tonsite):/i.exec(url);
  if (deepLink !== null) return deepLinkProblem(deepLink[1] ?? '', url.slice(deepLink[0].length));
  const scheme = /^([^:/?#]*):\/\//.exec(url);
  if (scheme !== null) {
    if (!/^https?$/i.test(scheme[1] ?? '')) return wrongProtocol;
    return authorityProblem(url.slice(scheme[0].length));
  }
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(url)) return wrongProtocol;
  return authorityProblem(url);
};

/** The same for `login_url` and `web_app`, which accept only https. */
export const httpsProblem = (url: string): string | undefined =>
  /^https:\/\//i.test(url) ? authorityProblem(url.slice('https://'.length)) : 'must begin with https://.';

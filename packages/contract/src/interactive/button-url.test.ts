import { describe, expect, it } from 'vitest';
import { httpsProblem, urlProblem } from './button-url.ts';

describe('the URL of a button', () => {
  it.each([
    'https://example.com/track/ORD-9876',
    'http://example.com:8080/a?b#c',
    'HTTPS://EXAMPLE.COM',
    'example.com',
    'example.com:443/path',
    'user@example.com/x',
    'https://user:secret@example.com/',
    'https://пример.рф/путь',
    'https://192.0.2.1/',
    'https://[2001:db8::1]:8443/',
    'tg://user?id=123',
    'tg:resolve?domain=bot',
    'ton://transfer/abc',
    'tonsite://example.ton/',
    'tonsite:example.ton',
    'tonsite://foundation',
    'https://example.com/with space',
  ])('may be “%s”', (url) => {
    expect(urlProblem(url)).toBeUndefined();
  });

  it.each([
    ['', 'host'],
    ['http://localhost/', 'host'],
    ['http://gateway:3000/', 'host'],
    ['localhost', 'host'],
    ['https://', 'host'],
    ['https:///path', 'host'],
    ['http://./', 'host'],
    ['https://exa mple.com', 'host'],
    ['/relative', 'host'],
    ['https://[::1', 'host'],
    ['https://example.com:0/', 'port'],
    ['https://example.com:70000/', 'port'],
    ['https://example.com:http/', 'port'],
    ['ftp://example.com', 'http, https, tg'],
    ['happ://add/x.y', 'http, https, tg'],
    ['mailto:a@example.com', 'http, https, tg'],
    ['tel:+123456', 'http, https, tg'],
    ['javascript:alert(1)', 'http, https, tg'],
    ['tg://', 'tg or ton'],
    ['tg://a.b', 'tg or ton'],
    ['tonsite://example.ton:8080/', 'tonsite'],
    ['tonsite://user@example.ton/', 'tonsite'],
    ['tonsite://приклад.ton/', 'tonsite'],
    ['tonsite://', 'tonsite'],
  ])('may not be “%s”', (url, reason) => {
    expect(urlProblem(url)).toContain(reason);
  });

  it('must be https for logins and Web Apps', () => {
    expect(httpsProblem('https://example.com/app')).toBeUndefined();
    expect(httpsProblem('http://example.com')).toBe('must begin with https://.');
    expect(httpsProblem('example.com')).toBe('must begin with https://.');
    expect(httpsProblem('tg://user?id=1')).toBe('must begin with https://.');
    expect(httpsProblem('https://localhost')).toContain('host');
  });
});

import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BoundSecret, conceal, packSecret, revealTo, Secret, unpackSecret } from './secret.ts';

const value = 's3cret+/=';
const secret = new BoundSecret(value, ['https://api.example/v1', 'http://127.0.0.1:4010/intercom']);

describe('a secret that is bound to origins', () => {
  it.each([
    'https://api.example/',
    'https://api.example:443/elsewhere?x=1',
    'HTTPS://API.EXAMPLE/v2',
    'http://127.0.0.1:4010/x',
  ])('is revealed for %s', (url) => {
    expect(secret.revealFor(url)).toBe(value);
  });

  it.each([
    'http://api.example/',
    'https://api.example:8443/',
    'https://api.example.evil.example/',
    'https://evil.example/https://api.example/',
    'https://api.example@evil.example/',
    'https://evil.example\\@api.example/',
    'https://evil.example/?@api.example',
    'http://127.0.0.1:4011/',
    'http://127.0.0.1/',
    '//api.example/',
    'file:///etc/passwd',
    'no address',
    '',
  ])('is not revealed for %j', (url) => {
    expect(() => secret.revealFor(url)).toThrow('is not sent to');
    expect(revealTo(url, (reveal) => reveal(secret))).toMatchObject({ kind: 'withheld' });
  });

  it('is revealed nowhere if it was given for no address, or for what is none', () => {
    for (const addresses of [[], ['no address'], ['']]) {
      const lost = new BoundSecret(value, addresses);
      for (const url of ['https://api.example/', 'no address', '']) expect(() => lost.revealFor(url)).toThrow();
    }
  });

  it('is shown nowhere, and the error that withholds it says what to do', () => {
    for (const shown of [
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ secret }, { depth: 5 }),
    ]) {
      expect(shown).not.toContain(value);
    }
    const withheld = revealTo('https://evil.example/', (reveal) => reveal(secret));
    expect(withheld).toEqual({
      kind: 'withheld',
      detail:
        'not called: a secret that was given for https://api.example, http://127.0.0.1:4010 is not sent to https://evil.example; supply it again for that address',
    });
    expect(conceal(`it is ${value}, or ${encodeURIComponent(value)}`, [secret])).toBe('it is [secret], or [secret]');
  });

  it('signs and is compared without being revealed', () => {
    const mac = createHmac('sha256', value).update('a').update(Buffer.from('b')).digest('hex');
    expect(secret.hmac('sha256', 'a', Buffer.from('b')).toString('hex')).toBe(mac);
    expect(secret.digest().equals(createHash('sha256').update(value).digest())).toBe(true);
    expect([secret.matches(value), secret.matches(`${value} `), secret.matches('')]).toEqual([true, false, false]);
    expect(new BoundSecret('', []).matches('')).toBe(false);
  });

  it('keeps its origins when it is sealed, and gives them to what a provider grants for it', () => {
    const packed = unpackSecret(JSON.parse(JSON.stringify(packSecret(secret))));
    expect(packed?.equals(secret)).toBe(true);
    expect(new BoundSecret(value, ['https://evil.example']).equals(secret)).toBe(false);
    expect(() => secret.sibling('granted').revealFor('https://evil.example/')).toThrow();
    expect(secret.sibling('granted').revealFor('https://api.example/token')).toBe('granted');
    for (const other of [value, null, {}, { value }, { origins: ['https://api.example'] }]) {
      expect(unpackSecret(other)).toBeNull();
    }
  });

  it('can be made of a secret of the settings', () => {
    expect(new BoundSecret(new Secret(value), ['https://api.example']).revealFor('https://api.example/')).toBe(value);
  });
});

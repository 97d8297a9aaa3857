import { describe, expect, it } from 'vitest';
import { chooseRunUser } from './run-user.ts';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'ann:x:1000:1000::/home/ann:/bin/bash',
].join('\n');
const withPostgres = `${passwd}\npostgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash`;
const root = { uid: 0, gid: 0 };
const ann = { uid: 1000, gid: 1000 };
const folder = '/data/postgres';

describe('the user that PostgreSQL runs as', () => {
  it('is the gateway’s own user if that is not root', () => {
    const user = { ...ann, name: 'ann', dropped: false };
    expect(chooseRunUser({ self: ann, passwd, owner: undefined, folder })).toEqual(user);
    expect(chooseRunUser({ self: ann, passwd, owner: ann, folder })).toEqual(user);
  });

  it('is the system user postgres for root, or the system user nobody if there is no postgres or no user database', () => {
    const choose = (text: string) => chooseRunUser({ self: root, passwd: text, owner: undefined, folder });
    expect(choose(withPostgres)).toEqual({ uid: 101, gid: 104, name: 'postgres', dropped: true });
    expect(choose(passwd)).toEqual({ uid: 65_534, gid: 65_534, name: 'nobody', dropped: true });
    expect(choose('')).toEqual({ uid: 65_534, gid: 65_534, name: 'nobody', dropped: true });
  });

  it('is, for root, the owner of an existing folder', () => {
    const choose = (owner: { uid: number; gid: number }) =>
      chooseRunUser({ self: root, passwd: withPostgres, owner, folder });
    expect(choose(ann)).toEqual({ ...ann, name: 'ann', dropped: true });
    expect(choose({ uid: 7, gid: 8 })).toEqual({ uid: 7, gid: 8, name: 'uid 7', dropped: true });
    expect(choose(root).name).toBe('postgres');
  });

  it('is never another user for a gateway that is not root: it is told whose folder it is', () => {
    expect(() => chooseRunUser({ self: ann, passwd: withPostgres, owner: { uid: 101, gid: 104 }, folder })).toThrow(
      'belongs to user postgres, and this process runs as ann',
    );
  });
});

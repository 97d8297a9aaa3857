import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** What a caller can present to be looked up: an API key, a script's token, a session, an invitation, or a secret address. */
export interface LiveSecret {
  readonly kind: 'key' | 'token' | 'session' | 'invitation' | 'channel-path' | 'install-link';
  /** The digest in base64 for a credential; the path for a secret address. */
  readonly value: string;
}

/** More than an installation has. */
const secretsMax = 500_000;

/** Every secret that is valid now. It is read only while strangers guess so much that look-ups are refused. */
export async function listLiveSecrets(db: Pool): Promise<readonly LiveSecret[]> {
  const { rows } = await db.query<LiveSecret>({
    name: 'list-live-secrets',
    text: `
select 'key' as kind, encode(digest, 'base64') as value from keys
  where revoked_at is null and (expires_at is null or expires_at > now()) and (retires_at is null or retires_at > now())
union all
select 'token', encode(digest, 'base64') from admin_tokens
  where revoked_at is null and (expires_at is null or expires_at > now())
union all select 'session', encode(digest, 'base64') from sessions
union all select 'invitation', encode(digest, 'base64') from invitations where expires_at > now()
union all select 'channel-path', hook_path from channels where state <> 'deleted'
union all select 'install-link', start_path from connections where state = 'waiting' and expires_at > now()
limit ${secretsMax}`,
  });
  return rows;
}

/** The queries of `store.liveSecrets`. */
export const liveSecrets = (db: Pool) => bindQueries(db, { list: listLiveSecrets });

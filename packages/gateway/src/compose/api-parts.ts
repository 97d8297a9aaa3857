import type { Transport } from '../adapters/http/transport.ts';
import type { Config } from '../config/config.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import type { GuessLimit } from '../http/limit-guesses.ts';
import type { ProxyWatch } from '../http/watch-proxies.ts';
import type { Log } from '../observe/log.ts';
import type { AuditDeps } from '../operations/audit/audit-handlers.ts';
import type { LinkTo } from '../operations/messages/file-links.ts';
import type { SignInDeps } from '../operations/people/sign-in-deps.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Secret } from '../ports/secret.ts';
import type { TestPhones } from '../ports/test-phones.ts';
import type { MasterKeys } from '../secrets/master-key.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { Store } from '../store/store.ts';
import type { Engine } from './build-engine.ts';
import type { Journals } from './open-journals.ts';
import type { Providers } from './open-providers.ts';
import type { Webhooks } from './open-webhooks.ts';

export interface ApiParts {
  /** Makes the addresses of customers' files. */
  readonly linkTo: LinkTo;
  readonly config: Config;
  readonly store: Store;
  readonly epoch: number;
  readonly providers: Providers;
  readonly transport: Transport;
  readonly engine: Engine;
  readonly phones: TestPhones;
  readonly guesses: GuessLimit;
  readonly webhooks: Pick<Webhooks, 'client' | 'secrets' | 'openFile'>;
  /** The end of the event log, for all workspaces. */
  readonly lastEvent: () => Promise<string | null>;
  readonly journals: Journals;
  readonly vault: Vault;
  /** The same database, narrowed to these workspaces. */
  readonly storeOf: (workspaces: readonly string[]) => Store;
  /** Whether the database keeps workspaces apart for the role that it is used with. */
  readonly isolatesWorkspaces: boolean;
  readonly masterKeys: MasterKeys;
  /** The heads of the audit log that are recorded in the data folder. */
  readonly recordedHeads: AuditDeps['recordedHeads'];
  readonly erasures: Erasures;
  /** Digest stored in place of an API key. */
  readonly digestOf: (secret: string) => Buffer;
  readonly adminToken: Secret;
  readonly signIn: SignInDeps;
  readonly proxyWatch: ProxyWatch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

import type { Pool } from 'pg';
import type { Config } from '../config/config.ts';
import { openAuditHeads, type RecordedHead } from '../data-folder/audit-heads.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { type ExportAuditHeadsDeps, exportAuditHeads } from '../engine/upkeep/export-audit-heads.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../ports/clock.ts';
import { loadAuditChain } from '../secrets/audit-key.ts';
import type { Vault } from '../secrets/sealed.ts';
import { canChangeAudit } from '../store/audit.ts';
import type { AuditChain } from '../store/audit-chain.ts';
import { installation } from '../store/installation.ts';

export interface AuditTrail {
  readonly chain: AuditChain;
  /** The heads that this process, or others with its data folder, have recorded there. */
  readonly recordedHeads: () => Promise<readonly RecordedHead[]>;
  /** The loop that records the heads. */
  readonly exportHeads: (store: ExportAuditHeadsDeps['store']) => ReturnType<typeof exportAuditHeads>;
}

/** Opens what makes the audit log evidence, and logs what protects it. */
export async function openAuditTrail(
  parts: { readonly config: Config; readonly pool: Pool; readonly clock: Clock; readonly log: Log },
  vault: Vault,
): Promise<AuditTrail> {
  const { config, pool, clock, log } = parts;
  const { dataDir } = config;
  const heads = openAuditHeads(dataDir);
  const hasHeads = () => inDataFolder(dataDir, async () => (await heads.list()).length > 0);
  const { chain, created } = await loadAuditChain(installation(pool), vault, hasHeads);
  // Worth a look if it was not the first start of this installation.
  if (created)
    log[chain.unkeyed.entries === 0 ? 'info' : 'warn']('audit.key_created', { entriesBefore: chain.unkeyed.entries });
  if (await canChangeAudit(pool)) {
    const remedy = 'give DATABASE_URL a role that owns nothing: see “A role that owns nothing” in docs/operations.md';
    log.warn('audit.protected_by_key_only', { remedy });
  }
  const everyMs = config.auditHeadEverySeconds * 1_000;
  return {
    chain,
    recordedHeads: heads.list,
    exportHeads: (store) => exportAuditHeads({ store, record: heads.record, everyMs, clock, log }),
  };
}

import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnPostgres } from '@chatferry/testkit/processes/own-postgres';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { superviseGateway } from '@chatferry/testkit/processes/supervised-gateway';
import { type FarSide, startFarSide } from '../far-side/far-side.ts';
import { openStoreReader, type StoreReader } from '../gateway/store-reader.ts';
import type { CallerAnswer } from '../judge/records.ts';
import { adminToken, connectHubspot, connectIntercom, type Party } from '../load/scene.ts';
import { type Gate, startGate } from './gate.ts';
import type { GateName, Row } from './plan.ts';

/** A gateway of its own for one row, with a gate before each provider. */
export interface Field {
  readonly farSide: FarSide;
  readonly gates: Readonly<Record<GateName, Gate>>;
  readonly store: StoreReader;
  readonly gatewayUrl: string;
  /** The party that gets into trouble. */
  readonly troubled: Party;
  /** A bot with the other kind of inbox. */
  readonly other: Party;
  readonly told: CallerAnswer[];
}

/** Starts everything, runs `work`, and stops everything. `folder` must be empty. */
export async function withField<T>(folder: string, row: Row, work: (field: Field) => Promise<T>): Promise<T> {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(dataDir, 0o755);
  const farSide = await startFarSide(join(folder, 'journal'));
  const gates = {
    telegram: await startGate(farSide.url),
    intercom: await startGate(farSide.url),
    hubspot: await startGate(farSide.url),
    'server of one bot': await startGate(farSide.url),
  };
  const port = String(await findFreePort());
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const gateway = superviseGateway({
    dataDir,
    pointsPath: join(folder, 'points'),
    env: {
      CHATFERRY_ADMIN_TOKEN: adminToken,
      CHATFERRY_PORT: port,
      CHATFERRY_PUBLIC_URL: gatewayUrl,
      CHATFERRY_ALLOWED_PRIVATE_ORIGINS: gates['server of one bot'].url,
      CHATFERRY_TELEGRAM_API_ROOT: `${gates.telegram.url}/telegram`,
      CHATFERRY_INTERCOM_BASE_URL: `${gates.intercom.url}/intercom`,
      CHATFERRY_HUBSPOT_BASE_URL: `${gates.hubspot.url}/hubspot`,
    },
  });
  let store: StoreReader | null = null;
  try {
    await gateway.start();
    store = openStoreReader(readOwnPostgres(dataDir).connection);
    const scene = { farSide, gatewayUrl, chatsPerBot: 0 };
    const ownServer = row.gate === 'server of one bot' ? { apiRoot: `${gates[row.gate].url}/telegram` } : {};
    const connect = { intercom: connectIntercom, hubspot: connectHubspot };
    const troubled = await connect[row.inbox]({ ...scene, ...ownServer });
    const other = await connect[row.inbox === 'intercom' ? 'hubspot' : 'intercom'](scene);
    return await work({ farSide, gates, store, gatewayUrl, troubled, other, told: [] });
  } finally {
    await store?.close();
    await gateway.stop();
    await Promise.all(Object.values(gates).map((gate) => gate.close()));
    await farSide.stop();
  }
}

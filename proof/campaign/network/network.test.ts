import { startTemporaryPostgres } from '@chatferry/testkit/postgres/temporary-postgres';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { beforeAll, expect, it } from 'vitest';
import { runNetworkCampaign } from './campaign.ts';

beforeAll(buildPrograms, buildLimitMs);

it('a gateway keeps every promise and stays usable when each of its connections fails in every way', {
  timeout: 1_800_000,
}, async () => {
  const server = await startTemporaryPostgres();
  try {
    const { verdict, missed, stuck, scenarios } = await withTemporaryFolder('chatferry-campaign-', (folder) =>
      runNetworkCampaign({ folder, database: server.ownerConnection, form: 'short', say: () => undefined }),
    );
    const broken = Object.entries(verdict.breaches).filter(([, list]) => list.length > 0);
    expect({ broken, missed, stuck }).toEqual({ broken: [], missed: [], stuck: [] });
    expect(scenarios.length).toBeGreaterThan(100);
  } finally {
    await server.stop();
  }
});

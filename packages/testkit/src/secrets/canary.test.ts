import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../postgres/postgres.ts';
import { createCanary } from './canary.ts';

const { pool } = await freshDatabase();
const token = '123456789:AAcanaryCanaryCanaryCanary00000';
const asked = { workspace_id: 'wsp_1', bot_token: token };
const watch = () => {
  const canary = createCanary('planted-in-the-rig');
  canary.observe('POST /api/v1/channels', asked, { id: 'chn_1', key: { secret: 'shown-once-and-never-again' } });
  return canary;
};

describe('the canary of the tests', () => {
  it('finds nothing when secrets appear only where they are meant to be shown', async () => {
    expect(await watch().findings(['{"event":"gateway.ready"}'], pool)).toEqual([]);
  });

  it.each([
    ['what was given', token],
    ['what was shown once', 'shown-once-and-never-again'],
    ['what the rig planted', 'planted-in-the-rig'],
  ])('finds %s in the log, in another answer, and in the database', async (_name, secret) => {
    const canary = watch();
    canary.observe('GET /api/v1/channels', undefined, { data: [{ problem: `Telegram refuses ${secret}` }] });
    await pool.query(`insert into reply_plans (workspace_id, entry_id, plan) values ('wsp_1', $1, '{}')`, [secret]);
    const findings = await canary.findings([`{"err":"${secret}"}`], pool);
    await pool.query('truncate reply_plans');
    expect(findings.map((finding) => /appears in (the \w+)/.exec(finding)?.[1])).toEqual([
      'the answer',
      'the log',
      'the database',
    ]);
    expect(findings.join()).not.toContain(secret);
  });
});

import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { createPersonLog } from './person-log.ts';

const startLog = (isWhole: boolean) => {
  const texts: string[] = [];
  const log = createLog('info', createPersonLog({ isWhole, write: (text) => texts.push(text) }));
  return { log, seen: () => texts.join('') };
};

describe('the log at a terminal', () => {
  it('says that the gateway is ready, what to do next, and how to make the first account', () => {
    const { log, seen } = startLog(false);
    log.info('postgres.ready', { created: true, pid: 7 });
    log.info('migrations.applied', { number: 1, name: 'init' });
    log.info('installation.unclaimed', {
      claimTokenIn: 'data/claim-token',
      minutes: 60,
      use: 'npx chatferry people claim',
    });
    log.info('gateway.ready', { address: 'http://127.0.0.1:8080', publicUrl: null });
    expect(seen()).toContain('Chatferry is ready at http://127.0.0.1:8080\n');
    expect(seen()).toContain('npx chatferry setup');
    expect(seen().split('npx chatferry people claim')).toHaveLength(2);
    expect(seen()).toContain('data/claim-token');
    expect(seen()).not.toMatch(/migrations|\{|export/);
  });

  it('offers no first account when there is one, and names an address that the command would not guess', () => {
    const { log, seen } = startLog(false);
    log.info('gateway.ready', { address: 'http://127.0.0.1:9000' });
    expect(seen()).not.toContain('account');
    expect(seen()).toContain('export CHATFERRY_URL=http://127.0.0.1:9000');
  });

  it('has every warning with its remedy and its cause', () => {
    const { log, seen } = startLog(false);
    log.warn('disk.full', { folder: './data', next: 'Make room.' });
    log.error('send.failed', { err: new Error('no route') });
    expect(seen()).toMatch(/^\d\d:\d\d:\d\d warn disk\.full folder=\.\/data\n {2}Make room\.\n/);
    expect(seen()).toMatch(/error send\.failed: no route\n$/);
  });

  it('has every line of the level that was asked for', () => {
    const { log, seen } = startLog(true);
    log.info('migrations.applied', { number: 1 });
    expect(seen()).toMatch(/info migrations\.applied number=1\n$/);
  });
});

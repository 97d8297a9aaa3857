import { describe, expect, it } from 'vitest';
import type { ChannelWords } from './channel-words.ts';
import { alarmsOfWatch, isFight, type WebhookStatus, type WebhookWatch, watchWebhook } from './watch-webhook.ts';

const channelWords: ChannelWords = {
  displayName: 'Telegram',
  tokenIssuer: 'BotFather',
  tokenMenu: ['/mybots', 'your bot, API Token'],
  revokeCommand: '/revoke',
  tokenShape: 'digits, a colon, and at least 24 characters',
  updatesKeptFor: '24 hours',
};
const ownUrl = 'https://chat.example.com/hooks/telegram/abc';
const minute = 60_000;
const hour = 60 * minute;
const ours: WebhookStatus = { url: ownUrl, pendingUpdates: 0, lastErrorAtMs: null, lastError: null };
const foreign = { ...ours, url: 'https://other.example.com/secret-path' };

/** Checks one after the other, each with what Telegram reports and when. */
function looks(...sights: readonly (readonly [WebhookStatus, number])[]): WebhookWatch {
  let watch: WebhookWatch | null = null;
  for (const [sight, nowMs] of sights) watch = watchWebhook(watch, sight, { ownUrl, hookPath: 'path', nowMs });
  if (watch === null) throw new Error('there was no sight');
  return watch;
}

const alarms = (watch: WebhookWatch, nowMs: number, updates: 'polling' | 'webhook' = 'webhook') =>
  alarmsOfWatch({ channelId: 'chn_1', workspaceId: 'wsp_1', updates }, watch, nowMs, channelWords);
const kinds = (watch: WebhookWatch, nowMs: number, updates?: 'polling' | 'webhook') =>
  alarms(watch, nowMs, updates).map(({ kind }) => kind);

describe('the check of a webhook', () => {
  it('raises no alarm if the webhook works', () => {
    expect(kinds(looks([ours, 0], [ours, minute]), minute)).toEqual([]);
  });

  it('names the host that takes the updates, without the path, which may be secret', () => {
    const watch = looks([ours, 0], [foreign, minute]);
    const [alarm] = alarms(watch, minute);
    expect(alarm?.kind).toBe('webhook-foreign');
    expect(alarm?.detail).toContain('other.example.com');
    expect(JSON.stringify([watch, alarm])).not.toContain('secret-path');
    expect(alarm?.remedy).toContain('chatferry channels repair chn_1');
  });

  it('reports that a webhook was removed', () => {
    expect(kinds(looks([{ ...ours, url: '' }, 0]), 0)).toEqual(['webhook-removed']);
  });

  it('counts any webhook of a polled bot as foreign, and none as correct', () => {
    const polled = (sight: WebhookStatus) => watchWebhook(null, sight, { ownUrl: '', hookPath: 'path', nowMs: 0 });
    expect(kinds(polled(foreign), 0, 'polling')).toEqual(['webhook-foreign']);
    expect(kinds(polled({ ...ours, url: '', pendingUpdates: 50 }), 0, 'polling')).toEqual([]);
  });

  it('recognises a fight over the updates when they are taken twice within a day', () => {
    const once = looks([ours, 0], [foreign, minute], [foreign, 2 * minute]);
    expect(isFight(once)).toBe(false);
    const twice = looks([ours, 0], [foreign, minute], [ours, 2 * minute], [foreign, 3 * minute]);
    expect(isFight(twice)).toBe(true);
    expect(alarms(twice, 3 * minute)[0]?.remedy).toContain('/revoke');
    expect(isFight(watchWebhook(twice, foreign, { ownUrl, hookPath: 'path', nowMs: 25 * hour }))).toBe(false);
  });

  it('reports a recent error while updates wait', () => {
    const failing = { ...ours, pendingUpdates: 3, lastErrorAtMs: 0, lastError: 'Connection timed out' };
    expect(alarms(looks([failing, minute]), minute)[0]).toMatchObject({
      kind: 'webhook-failing',
      detail: expect.stringContaining('Connection timed out'),
    });
    expect(kinds(looks([failing, hour]), hour)).toEqual([]);
    expect(kinds(looks([{ ...failing, pendingUpdates: 0 }, minute]), minute)).toEqual([]);
  });

  it('reports a backlog that has grown twice in a row, and none that shrinks', () => {
    const waiting = (pendingUpdates: number) => ({ ...ours, pendingUpdates });
    expect(kinds(looks([waiting(5), 0], [waiting(50), 1], [waiting(60), 2]), 2)).toEqual(['webhook-backlog']);
    expect(kinds(looks([waiting(5), 0], [waiting(50), 1], [waiting(40), 2]), 2)).toEqual([]);
    expect(kinds(looks([waiting(1), 0], [waiting(2), 1], [waiting(3), 2]), 2)).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { hubspotSettings } from './settings.ts';

it('a portal that was stored with one version for all APIs still opens, without that version', () => {
  const stored = { client_id: 'app', app_id: '1', inbox_id: '2' };
  expect(hubspotSettings.parse({ ...stored, api_version: '2026-03' })).toEqual(hubspotSettings.parse(stored));
});

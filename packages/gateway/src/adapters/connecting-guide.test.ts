import { readFileSync } from 'node:fs';
import { connectionProblems } from '@chatferry/contract';
import { expect, it } from 'vitest';
import { redirectUrlOf } from '../operations/workspaces/hook-urls.ts';
import { scopes } from './hubspot/scopes.ts';
import { inboxKinds } from './registry.ts';

const guide = readFileSync(new URL('../../../../docs/connecting.md', import.meta.url), 'utf8');

it('docs/connecting.md lists the same scopes, topics and addresses as the code, and every reason why an install fails', () => {
  const [, listed = ''] = /exactly these:\n\n\s+```\n(.*?)```/s.exec(guide) ?? [];
  expect(
    listed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .sort(),
  ).toEqual([...scopes].sort());
  const [, topics = ''] = /Add these topics, exactly: (.*?)\n3\. /s.exec(guide) ?? [];
  expect([...topics.matchAll(/`([^`]+)`/g)].map(([, topic]) => topic).sort()).toEqual(
    [...inboxKinds.intercom.webhookTopics].sort(),
  );
  for (const kind of ['intercom', 'hubspot'] as const) {
    expect(guide).toContain(`\`${redirectUrlOf('https://chat.example.com', kind)}\``);
  }
  for (const problem of connectionProblems) expect(guide).toContain(`| \`${problem}\` |`);
});

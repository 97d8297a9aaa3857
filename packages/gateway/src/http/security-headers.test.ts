import { startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();

describe('every answer', () => {
  it.each(['/api/v1/me', '/healthz', '/nowhere', '/connect/none'])(
    'of %s forbids framing, content sniffing, caching and referrers',
    async (path) => {
      const { headers } = await fetch(`${rig.url}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );
});

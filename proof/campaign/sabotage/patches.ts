import type { Patch } from './patch.ts';
import { eventPatches } from './patches-events.ts';
import { isolationPatches } from './patches-isolation.ts';
import { receivingPatches } from './patches-receiving.ts';
import { securityPatches } from './patches-security.ts';
import { sendingPatches } from './patches-sending.ts';

export const patches: readonly Patch[] = [
  ...sendingPatches,
  ...receivingPatches,
  ...securityPatches,
  ...eventPatches,
  ...isolationPatches,
];

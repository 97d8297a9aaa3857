import type { Flatness } from '../measure/flatness.ts';
import type { Intake } from '../measure/intake.ts';
import type { MirrorLag } from '../measure/mirror.ts';
import type { Overhead } from '../measure/overhead.ts';
import type { Saturation } from '../measure/saturation.ts';
import type { StartTime } from '../measure/start-time.ts';
import type { Plan } from '../plan.ts';
import type { Environment } from './environment.ts';

/** All findings of one run. */
export interface Findings {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly start: StartTime;
  readonly saturation: { readonly ours: Saturation; readonly forwarder: Saturation; readonly byHand: Saturation };
  readonly steady: readonly Overhead[];
  readonly idle: readonly Overhead[];
  readonly intake: Intake;
  /** The memory of the gateway process after the sends and the webhooks. */
  readonly loadedMib: number;
  readonly mirror: MirrorLag;
  /** One process that also writes into the inbox. */
  readonly together: { readonly sends: Saturation; readonly intake: Intake };
  readonly flatness: Flatness;
  readonly elapsedMs: number;
}

import type { UpdateKind } from './identify.ts';
import { updateKinds } from './update-kinds.ts';

/** What we ask Telegram for, by webhook and by polling alike. */
export const allowedUpdates: readonly UpdateKind[] = Object.entries(updateKinds).flatMap(([kind, { asked }]) =>
  asked ? [kind as UpdateKind] : [],
);

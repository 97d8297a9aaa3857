import { bindHandlers } from '../bind-handlers.ts';
import { createKey } from './create-key.ts';
import type { KeyDeps } from './key-deps.ts';
import { deleteKey, getKey, listKeys, revokeKey, rotateKey, updateKey } from './manage-keys.ts';

/** Manages the API keys of backends. */
export const keyHandlers = (deps: KeyDeps) =>
  bindHandlers(deps, { createKey, listKeys, getKey, updateKey, rotateKey, revokeKey, deleteKey });

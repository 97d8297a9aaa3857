import { inboxKinds, inboxSecretNames, testInboxKind } from '@chatferry/contract';
import { z } from 'zod';
import type { BoundInbox } from '../../ports/bound-inbox.ts';
import type { InboxKindName } from '../../ports/inbox-kind.ts';
import type { BoundSecret } from '../../ports/secret.ts';

/** An inbox's configuration in two parts: the settings, which may be shown, and the credential, which is sealed. */
export interface SplitInbox {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credential: Readonly<Record<string, BoundSecret>>;
}

const secretNames: ReadonlySet<string> = new Set(inboxSecretNames);

/** The credential gets every field that the contract marks as secret. */
export function splitInbox(input: BoundInbox): SplitInbox {
  const entries = Object.entries(input).filter(([name, value]) => name !== 'kind' && value !== undefined);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secretNames.has(name))),
    credential: Object.fromEntries(entries.filter(([name]) => secretNames.has(name))) as SplitInbox['credential'],
  };
}

/** Joins the two parts again. The settings are checked: a column could have been changed. */
export function joinInbox(kind: InboxKindName, { settings, credential }: SplitInbox): BoundInbox {
  if (kind === testInboxKind) return { kind };
  const shape: Readonly<Record<string, z.ZodType>> = inboxKinds[kind].input.shape;
  const shown = Object.fromEntries(Object.entries(shape).filter(([name]) => !secretNames.has(name)));
  const checked: Readonly<Record<string, unknown>> = z.strictObject(shown).parse({ kind, ...settings });
  return { ...checked, ...credential } as Readonly<Record<string, unknown>> as BoundInbox;
}

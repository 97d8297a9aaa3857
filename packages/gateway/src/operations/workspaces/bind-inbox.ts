import type { InboxInput } from '@chatferry/contract';
import { type BoundInbox, bindSecrets } from '../../ports/bound-inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';

interface BindDeps {
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
}

/** The configuration in a request, its secrets bound to the address that the request names, or else to that of the settings. */
export const bindInbox = ({ inboxKinds }: BindDeps, input: InboxInput): BoundInbox =>
  bindSecrets(input, inboxKinds[input.kind].originsOf(input));

/** The origin that vouches for the account of a configuration. */
export function vouchingOrigin({ inboxKinds }: BindDeps, input: BoundInbox): string {
  const [origin] = inboxKinds[input.kind].originsOf(input);
  if (origin === undefined) throw new Error(`${input.kind} has no address`);
  return origin;
}

import type { Inbox as ShownInbox } from '@chatferry/contract';
import type { BoundConnectInbox, BoundInbox } from '../../ports/bound-inbox.ts';

export type IntercomInput = Extract<BoundInbox, { kind: 'intercom' }>;

/** The configuration of a workspace. Throws for that of another kind, which is a bug of the caller. */
export function intercomInput(input: BoundInbox): IntercomInput {
  if (input.kind !== 'intercom') throw new Error(`the Intercom adapter was given the configuration of ${input.kind}`);
  return input;
}

/** The configuration without its secrets. */
export function show(input: BoundInbox): ShownInbox {
  const { region, base_url = null, contact_role, client_id = null, client_secret } = intercomInput(input);
  return {
    kind: 'intercom',
    settings: { region, base_url, contact_role, client_id, has_client_secret: client_secret !== undefined },
  };
}

/** A token of the operator's own belongs to no named app: its client secret verifies the webhooks of another app. */
export function appOf(input: BoundInbox): BoundConnectInbox {
  const { access_token: _grant, client_secret: secret, ...rest } = intercomInput(input);
  return rest.client_id === undefined || secret === undefined ? rest : { ...rest, client_secret: secret };
}

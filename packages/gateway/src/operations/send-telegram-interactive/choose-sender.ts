import type { Problem, SenderValues } from '@chatferry/contract';
import type { OpenWorkspace } from '../../engine/directory/directory.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import { invalidValue } from '../api-error.ts';

export interface ChosenSender {
  readonly senderId: string | null;
  readonly warnings: readonly Problem[];
}

/**
 * The sender that appears in the inbox. Refuses an id that is not a teammate. Where this cannot be checked, because the inbox is
 * down and no list is in memory, the message is sent with a warning. `base` is where the fields are in the body. Sender fields of other kinds of inbox are ignored with a warning.
 */
export async function chooseSender(
  inboxKinds: Readonly<Record<InboxKindName, InboxKind>>,
  workspace: OpenWorkspace,
  body: SenderValues,
  base = '',
): Promise<ChosenSender> {
  const { displayName, senderField: field } = inboxKinds[workspace.record.inboxKind];
  const ignored = Object.values(inboxKinds)
    .flatMap(({ senderField }) => senderField ?? [])
    .filter((other) => other !== field && body[other] !== undefined)
    .map(
      (other): Problem => ({
        pointer: `${base}/${other}`,
        message: `${other} was ignored: this workspace is connected to ${displayName}.`,
      }),
    );
  const senderId = field === null ? undefined : body[field];
  if (senderId === undefined) return { senderId: null, warnings: ignored };
  const teammates = await workspace.teammates();
  if (teammates === null) {
    const message = `${field} could not be checked, because ${displayName} does not answer; the message may appear under the default sender.`;
    return { senderId, warnings: [...ignored, { pointer: `${base}/${field}`, message }] };
  }
  if (!teammates.some((teammate) => teammate.senderId === senderId)) {
    throw invalidValue(
      `${base}/${field}`,
      `${field} must be the id of a teammate of this workspace; ${senderId} is not one.`,
    );
  }
  return { senderId, warnings: ignored };
}

import type { Problem, SendInteractive } from '@chatferry/contract';
import type { OpenWorkspace } from '../../engine/directory/directory.ts';
import { invalidValue } from '../api-error.ts';

export interface ChosenSender {
  readonly senderId: string | null;
  readonly warnings: readonly Problem[];
}

const fields = { intercom: 'intercom_teammate_id', hubspot: 'hubspot_user_id' } as const;
const names = { intercom: 'Intercom', hubspot: 'HubSpot' } as const;

/**
 * The sender that appears in the inbox. An id that is not a teammate is refused. Where the inbox is down and no list is in memory,
 * the id is accepted with a warning.
 */
export async function chooseSender(workspace: OpenWorkspace, body: SendInteractive): Promise<ChosenSender> {
  const kind = workspace.record.inboxKind;
  const other = kind === 'intercom' ? 'hubspot' : 'intercom';
  const ignored: readonly Problem[] =
    body[fields[other]] === undefined
      ? []
      : [
          {
            pointer: `/${fields[other]}`,
            message: `${fields[other]} was ignored: this workspace is connected to ${names[kind]}.`,
          },
        ];

  const field = fields[kind];
  const senderId = body[field];
  if (senderId === undefined) return { senderId: null, warnings: ignored };
  const teammates = await workspace.teammates();
  if (teammates === null) {
    const message = `${field} could not be checked, because ${names[kind]} does not answer; the message may appear under the default sender.`;
    return { senderId, warnings: [...ignored, { pointer: `/${field}`, message }] };
  }
  if (!teammates.some((teammate) => teammate.senderId === senderId)) {
    throw invalidValue(`/${field}`, `${field} must be the id of a teammate of this workspace; ${senderId} is not one.`);
  }
  return { senderId, warnings: ignored };
}

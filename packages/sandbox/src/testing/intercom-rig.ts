import type { WorkspaceCredentials } from '../intercom/control.ts';
import { createIntercom, type IntercomSimulator } from '../intercom/intercom.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';
import { type Answered, type Rig, startRig } from './inbox-rig.ts';

/** A workspace with a token, as a test begins. */
export interface Connected {
  readonly clock: VirtualClock;
  readonly rig: Rig<IntercomSimulator>;
  readonly workspace: WorkspaceCredentials;
  readonly adminId: string;
  /** As the workspace's app, at version 2.16 unless a header says otherwise. */
  api(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** A new lead called Ada. */
  lead(fields?: object): Promise<{ readonly id: string; readonly role: string }>;
  /** The id of a conversation that this contact opened. */
  opened(contact: { readonly id: string; readonly role: string }, body?: string): Promise<string>;
  /** A comment of the first admin. */
  comment(conversationId: string, fields?: object): Promise<Answered>;
  close(): Promise<void>;
}

export async function connect(): Promise<Connected> {
  const clock = createVirtualClock(1_795_000_000_000);
  const rig = await startRig('intercom', createIntercom, clock);
  const workspace = rig.simulator.createWorkspace({ name: 'Acme' });
  const adminId = workspace.admins[0]?.id ?? '';
  const api: Connected['api'] = (method, path, body, headers = {}) =>
    rig.request(method, `/intercom${path}`, body, {
      authorization: `Bearer ${workspace.access_token}`,
      'intercom-version': '2.16',
      ...headers,
    });
  return {
    clock,
    rig,
    workspace,
    adminId,
    api,
    lead: async (fields = {}) => (await api('POST', '/contacts', { role: 'lead', name: 'Ada', ...fields })).body,
    opened: async (contact, body = 'Hi') =>
      (await api('POST', '/conversations', { from: { type: contact.role, id: contact.id }, body })).body
        .conversation_id,
    comment: (conversationId, fields = {}) =>
      api('POST', `/conversations/${conversationId}/reply`, {
        message_type: 'comment',
        type: 'admin',
        admin_id: adminId,
        body: 'Hello',
        skip_notifications: true,
        ...fields,
      }),
    close: () => rig.close(),
  };
}

/** Status, code and message of a refusal. */
export const refusal = ({ status, body }: Answered) => [status, body.errors[0].code, body.errors[0].message];

export const partsOf = (answered: Answered) => answered.body.conversation_parts.conversation_parts;

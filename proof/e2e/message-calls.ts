import type { Rig } from '@chatferry/testkit/rigs/rig';
import type { AgentsDesk } from './agents-desk.ts';

const path = '/api/v1/messages';

/** What a backend does with messages, with the key of the desk's bot. */
export function messageCalls(rig: Pick<Rig, 'call'>) {
  const call = ({ bot }: AgentsDesk, method: string, url: string, body?: object) =>
    rig.call(url, { method, headers: { 'x-octopods-auth': bot.key }, ...(body === undefined ? {} : { body }) });
  return {
    call,
    post: async (desk: AgentsDesk, body: object) => (await call(desk, 'POST', path, body)).body,
    edit: (desk: AgentsDesk, id: number, body: object) => call(desk, 'PATCH', `${path}/${id}`, body),
    remove: (desk: AgentsDesk, id: number) => call(desk, 'DELETE', `${path}/${id}`),
  };
}

import type { Input, Output, Session } from '@chatferry/contract';
import type { SessionRecord } from '../../store/sessions.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { readCaller } from './verify-person.ts';

export async function listSessions(deps: SignInDeps, context: RequestContext): Promise<Output<'listSessions'>> {
  const person = await readCaller(deps, context);
  const records = await deps.store.sessions.list(person.id);
  return { data: records.map((record) => showSession(record, context.sessionId)) };
}

export async function endSession(
  deps: SignInDeps,
  context: RequestContext,
  { params }: Input<'endSession'>,
): Promise<undefined> {
  const person = await readCaller(deps, context);
  const id = params.session_id === 'current' ? context.sessionId : params.session_id;
  if (id === null || !(await deps.store.sessions.end(person.id, id)))
    throw new ApiError('NOT_FOUND', { message: 'You have no such session. GET /api/v1/sessions lists them.' });
  if (id === context.sessionId) context.giveSession(null);
  return undefined;
}

const showSession = (record: SessionRecord, currentId: string | null): Session => ({
  id: record.id,
  current: record.id === currentId,
  address: record.address,
  user_agent: record.userAgent,
  created_at: record.createdAt.toISOString(),
  seen_at: record.seenAt.toISOString(),
  ends_at: record.endsAt.toISOString(),
});

import type { OperationSpec } from '@chatferry/contract';
import type { RequestContext } from '../operations/context.ts';
import type { EngineLog } from '../ports/log.ts';
import type { AuditRow } from '../store/audit.ts';

/** A request that does not fit its form, and one too many. */
const uncounted = new Set([400, 413, 415, 429, 500, 503]);

export interface AuditTrail {
  append(row: AuditRow): Promise<void>;
  readonly log: EngineLog;
}

/** Sends are messages, which say themselves who sent them; reading changes nothing. */
export const isAudited = ({ auth, method }: OperationSpec): boolean => auth !== 'key' && method !== 'GET';

/**
 * Writes down who is about to do what, then does it, then writes down how it was answered. What cannot be written down beforehand
 * is not done. `statusOf` says how an error is answered.
 */
export async function audited<T>(
  trail: AuditTrail,
  request: {
    readonly spec: OperationSpec;
    readonly context: RequestContext;
    readonly params: unknown;
    readonly body: unknown;
    readonly status: number;
  },
  run: () => Promise<T>,
  statusOf: (cause: unknown) => number,
): Promise<T> {
  const { spec, context, params, body } = request;
  const { principal } = context;
  const row: Omit<AuditRow, 'phase' | 'status'> = {
    requestId: context.requestId,
    actorKind: principal?.kind ?? 'nobody',
    actorId: principal?.id ?? 'nobody',
    address: context.address,
    action: spec.id,
    object: firstText(params) ?? null,
    workspaceId: workspaceOf(context, textAt(params, 'workspace_id') ?? textAt(body, 'workspace_id')),
    fields: isRecord(body) ? Object.keys(body).filter((name) => body[name] !== undefined) : [],
  };
  // Anybody may knock where nobody needs a credential: only what came of it is written down, and nothing that is refused unlooked at.
  const isAnybody = spec.auth === 'none';
  if (!isAnybody) await trail.append({ ...row, phase: 'begun', status: null });
  const end = async (status: number, answer: unknown): Promise<void> => {
    if (isAnybody && uncounted.has(status)) return;
    const object = row.object ?? textAt(answer, 'id') ?? null;
    const workspaceId =
      row.workspaceId ?? textAt(answer, 'workspace_id') ?? (object?.startsWith('wsp_') === true ? object : null);
    await trail
      .append({ ...row, object, workspaceId, phase: 'ended', status })
      .catch((err: unknown) => trail.log.error('audit.end_unwritten', { err, requestId: row.requestId, status }));
  };
  try {
    const answer = await run();
    await end(request.status, answer);
    return answer;
  } catch (cause) {
    await end(statusOf(cause), null);
    throw cause;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textAt = (value: unknown, name: string): string | undefined => {
  const text = isRecord(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
};

const firstText = (params: unknown): string | undefined => {
  const [first] = isRecord(params) ? Object.values(params) : [];
  return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
};

/** Where it belongs: what somebody names whom it is not open to is no matter of that workspace. */
function workspaceOf({ principal }: RequestContext, named: string | undefined): string | null {
  const workspaces = principal?.reach.workspaces ?? 'all';
  if (workspaces === 'all') return named ?? null;
  if (named !== undefined && workspaces.includes(named)) return named;
  return workspaces.length === 1 ? (workspaces[0] ?? null) : null;
}

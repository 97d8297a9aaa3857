import type { OperationSpec } from '@chatferry/contract';
import type { RequestContext } from '../operations/context.ts';
import type { EngineLog } from '../ports/log.ts';
import type { AuditRow } from '../store/append-audit.ts';

/** Statuses of requests that were refused or failed before they were processed. */
const unprocessed = new Set([400, 413, 415, 429, 500, 503]);

export interface AuditTrail {
  append(row: AuditRow): Promise<void>;
  /** Whether the refusal of a caller without a credential gets an entry. */
  readonly mayRecordRefusal: () => boolean;
  readonly log: EngineLog;
}

/** Sends need no entry, because each message names its sender. Reads change nothing. */
export const isAudited = ({ auth, method }: OperationSpec): boolean => auth !== 'key' && method !== 'GET';

/**
 * Stores who is about to do what, runs the request, and stores the status of its answer. Where the first entry cannot be stored,
 * the request is not run. `statusOf` returns the status of an error.
 */
export async function runAudited<T>(
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
  // Public operations: store only the outcome, and skip requests that were refused before they were processed.
  const isPublic = spec.auth === 'none';
  if (!isPublic) await trail.append({ ...row, phase: 'begun', status: null });
  const end = async (status: number, answer: unknown): Promise<void> => {
    if (isPublic && (unprocessed.has(status) || (status >= 400 && !trail.mayRecordRefusal()))) return;
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

/** The workspace to which the entry belongs. A workspace that the caller cannot reach gets no entry. */
function workspaceOf({ principal }: RequestContext, named: string | undefined): string | null {
  const workspaces = principal?.reach.workspaces ?? 'all';
  if (workspaces === 'all') return named ?? null;
  if (named !== undefined && workspaces.includes(named)) return named;
  return workspaces.length === 1 ? (workspaces[0] ?? null) : null;
}

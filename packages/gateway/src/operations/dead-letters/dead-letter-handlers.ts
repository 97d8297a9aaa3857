import { type DeadLetter, type Input, type Output, replayManyMax } from '@chatferry/contract';
import type { DeadLetterFilter, DeadLetterRecord } from '../../store/dead-letters.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { bindHandlers } from '../bind-handlers.ts';
import type { RequestContext } from '../context.ts';
import { numberedCursor, numberedPage, numberOf } from '../numbered-id.ts';

export interface DeadLetterDeps {
  readonly store: StoreSlice<{ readonly deadLetters: 'list' | 'read' | 'count' | 'replay' | 'discard' }>;
  /** Called when lanes have work again. */
  readonly onReplayed: () => void;
  /** Called when the number of waiting dead letters may have changed. */
  readonly onDecided: () => void;
}

const prefix = 'ddl_';

/** Reads, replays and discards dead letters: work that was given up. */
export const deadLetterHandlers = (deps: DeadLetterDeps) =>
  bindHandlers(deps, { listDeadLetters, getDeadLetter, replayDeadLetter, replayDeadLetters, discardDeadLetter });

async function listDeadLetters(
  { store }: DeadLetterDeps,
  _context: RequestContext,
  { query }: Input<'listDeadLetters'>,
): Promise<Output<'listDeadLetters'>> {
  const records = await store.deadLetters.list({
    state: query.state === 'any' ? undefined : query.state,
    workspaceId: query.workspace_id,
    kind: query.kind,
    after: numberedCursor(prefix, query.cursor),
    limit: query.limit + 1,
  });
  return numberedPage(records, query.limit, showDeadLetter);
}

async function getDeadLetter(
  deps: DeadLetterDeps,
  _context: RequestContext,
  { params }: Input<'getDeadLetter'>,
): Promise<Output<'getDeadLetter'>> {
  const record = await findDeadLetter(deps, params.dead_letter_id);
  return { ...showDeadLetter(record), raw: record.raw?.toString('utf8') ?? null };
}

async function replayDeadLetter(
  deps: DeadLetterDeps,
  _context: RequestContext,
  { params: { dead_letter_id: id } }: Input<'replayDeadLetter'>,
): Promise<DeadLetter> {
  const record = await findDeadLetter(deps, id);
  const isReplayed = (await deps.store.deadLetters.replay({ ids: [record.id] }, 1)) === 1;
  if (isReplayed) deps.onReplayed();
  return showDecided(deps, id, isReplayed);
}

async function discardDeadLetter(
  deps: DeadLetterDeps,
  _context: RequestContext,
  { params: { dead_letter_id: id }, body }: Input<'discardDeadLetter'>,
): Promise<DeadLetter> {
  const record = await findDeadLetter(deps, id);
  return showDecided(deps, id, await deps.store.deadLetters.discard(record.id, body.reason));
}

async function replayDeadLetters(
  { store, onReplayed, onDecided }: DeadLetterDeps,
  _context: RequestContext,
  { body }: Input<'replayDeadLetters'>,
): Promise<Output<'replayDeadLetters'>> {
  const filter: DeadLetterFilter = {
    workspaceId: body.workspace_id,
    kind: body.kind,
    createdBefore: body.created_before,
  };
  const replayed = body.dry_run ? 0 : await store.deadLetters.replay(filter, replayManyMax);
  if (replayed > 0) {
    onReplayed();
    onDecided();
  }
  return { replayed, remaining: await store.deadLetters.count(filter) };
}

/** Throws NOT_FOUND. */
async function findDeadLetter(
  { store }: DeadLetterDeps,
  id: string,
): Promise<DeadLetterRecord & { readonly raw: Buffer | null }> {
  const number = numberOf(prefix, id);
  const record = number === null ? null : await store.deadLetters.read(number);
  if (record) return record;
  throw new ApiError('NOT_FOUND', {
    message: 'There is no such dead letter. GET /api/v1/dead-letters lists those that wait.',
  });
}

/** Of two people who decide at the same time, the first one decides; the other one reads what was decided. */
async function showDecided(deps: DeadLetterDeps, id: string, isDecided: boolean): Promise<DeadLetter> {
  const record = await findDeadLetter(deps, id);
  if (!isDecided) {
    throw invalidValue(
      '#/params/dead_letter_id',
      `dead_letter_id must be that of a dead letter that waits; ${id} was ${record.state} at ${record.decidedAt?.toISOString()}.`,
    );
  }
  deps.onDecided();
  return showDeadLetter(record);
}

const showDeadLetter = (record: DeadLetterRecord): DeadLetter => ({
  id: `${prefix}${record.id}`,
  workspace_id: record.workspaceId,
  kind: record.kind,
  state: record.state,
  cause: record.cause,
  failures: record.failures,
  message_id: record.messageId,
  update_id: record.updateId,
  lane: record.lane,
  note: record.note,
  created_at: record.createdAt.toISOString(),
  decided_at: record.decidedAt?.toISOString() ?? null,
});

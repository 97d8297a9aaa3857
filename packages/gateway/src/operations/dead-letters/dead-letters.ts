import { type DeadLetter, type Handlers, replayManyMax } from '@chatferry/contract';
import type { DeadLetterFilter, DeadLetterRecord } from '../../store/dead-letters.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { numberedCursor, numberOf } from '../numbered-id.ts';

export interface DeadLetterDeps {
  readonly store: StoreSlice<{ readonly deadLetters: 'list' | 'read' | 'count' | 'replay' | 'discard' }>;
  /** Lanes have work again. */
  readonly onReplayed: () => void;
  /** What waits has changed. */
  readonly onDecided: () => void;
}

type DeadLetterHandlers = Pick<
  Handlers<RequestContext>,
  'listDeadLetters' | 'getDeadLetter' | 'replayDeadLetter' | 'replayDeadLetters' | 'discardDeadLetter'
>;

const prefix = 'ddl_';

const show = (record: DeadLetterRecord): DeadLetter => ({
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

/** What the administrator does with work that was given up. */
export function deadLetterHandlers({ store, onReplayed, onDecided }: DeadLetterDeps): DeadLetterHandlers {
  const read = async (id: string) => {
    const number = numberOf(prefix, id);
    const record = number === null ? null : await store.deadLetters.read(number);
    if (!record) {
      throw new ApiError('NOT_FOUND', {
        message: 'There is no such dead letter. GET /api/v1/dead-letters lists those that wait.',
      });
    }
    return record;
  };

  /** One decides; the other is told what was decided. */
  const decided = async (id: string, isDecided: boolean): Promise<DeadLetter> => {
    const record = await read(id);
    if (!isDecided) {
      throw unfit(
        '#/params/dead_letter_id',
        `dead_letter_id must be that of a dead letter which waits; ${id} was ${record.state} at ${record.decidedAt?.toISOString()}.`,
      );
    }
    onDecided();
    return show(record);
  };

  return {
    async listDeadLetters(_context, { query }) {
      const records = await store.deadLetters.list({
        state: query.state === 'any' ? undefined : query.state,
        workspaceId: query.workspace_id,
        kind: query.kind,
        after: numberedCursor(prefix, query.cursor),
        limit: query.limit + 1,
      });
      const page = records.slice(0, query.limit).map(show);
      return { data: page, next_cursor: records.length > query.limit ? (page.at(-1)?.id ?? null) : null };
    },

    async getDeadLetter(_context, { params }) {
      const record = await read(params.dead_letter_id);
      return { ...show(record), raw: record.raw?.toString('utf8') ?? null };
    },

    async replayDeadLetter(_context, { params: { dead_letter_id: id } }) {
      const record = await read(id);
      const isReplayed = (await store.deadLetters.replay({ ids: [record.id] }, 1)) === 1;
      if (isReplayed) onReplayed();
      return decided(id, isReplayed);
    },

    async discardDeadLetter(_context, { params: { dead_letter_id: id }, body }) {
      const record = await read(id);
      return decided(id, await store.deadLetters.discard(record.id, body.reason));
    },

    async replayDeadLetters(_context, { body }) {
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
    },
  };
}

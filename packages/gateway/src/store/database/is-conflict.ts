import { isErrorCode } from '../../errors/error-code.ts';

/**
 * Whether PostgreSQL rolled the work back because of another transaction, so that a retry can succeed: 40001, or
 * 40P01 (deadlock).
 */
export const isConflict = (error: unknown): boolean => isErrorCode(error, '40001', '40P01');

/** Whether PostgreSQL refused a row because another one has the same values in this unique index. */
export const isDuplicate = (error: unknown, index: string): boolean =>
  isErrorCode(error, '23505') && error instanceof Error && 'constraint' in error && error.constraint === index;

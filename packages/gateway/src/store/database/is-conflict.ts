import { isErrorCode } from '../../errors/error-code.ts';

/**
 * Whether PostgreSQL rolled the work back because of another transaction, so that a retry can succeed: 40001, or
 * 40P01 (deadlock).
 */
export const isConflict = (error: unknown): boolean => isErrorCode(error, '40001', '40P01');

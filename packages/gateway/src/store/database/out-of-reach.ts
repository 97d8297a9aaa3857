import { isErrorCode } from '../../errors/error-code.ts';

/** Whether row-level security refused to write a row, because it belongs to a workspace that the caller cannot reach. */
export const isOutOfReach = (error: unknown): boolean => isErrorCode(error, '42501');

import { number, text } from '../option.ts';

export const pagingOptions = {
  limit: number('N', 'The most lines: 1 to 200; 50 when absent.'),
  cursor: text('CURSOR', 'Where to go on; the page before ends with it.'),
} as const;

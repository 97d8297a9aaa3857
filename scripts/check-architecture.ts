/** Prints what breaks a rule of the architecture: forbidden imports, import cycles and misplaced words. Part of `npm run check`. */
import { findViolations, readSourceTree } from './architecture/source-tree.ts';

const violations = findViolations(readSourceTree());
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;

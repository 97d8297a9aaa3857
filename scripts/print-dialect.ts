/** Prints every finding of `plain-english.ts` in the given files and folders, or in the whole repository. */
import { fileURLToPath } from 'node:url';
import { findDialectIn, printFinding } from './plain-english.ts';

const paths = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const findings = findDialectIn(root, paths.length === 0 ? ['.'] : paths);
for (const finding of findings) console.log(printFinding(finding));
if (findings.length > 0) process.exitCode = 1;

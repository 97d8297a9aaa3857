/**
 * Builds what has changed and runs the `chatferry` command in this process: `npm start` and its siblings. JavaScript,
 * because it must run where nothing is built yet and only production dependencies are installed. The types are not
 * checked here: that takes a newcomer most of a minute, and `npm run check` and `npm test` do it.
 */
import { fileURLToPath } from 'node:url';
import { buildWithoutTypes } from './build-without-types.js';

await buildWithoutTypes(fileURLToPath(new URL('../..', import.meta.url)));
await import('../../packages/cli/bin/chatferry.js');

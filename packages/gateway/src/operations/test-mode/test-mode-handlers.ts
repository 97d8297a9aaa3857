import { bindHandlers } from '../bind-handlers.ts';
import {
  type CustomerActionDeps,
  testBlock,
  testContact,
  testLocation,
  testStart,
  testTap,
  testText,
  testUnblock,
} from './act-as-customer.ts';

/** Acts as the customer of a test chat. */
export const customerActionHandlers = (deps: CustomerActionDeps) =>
  bindHandlers(deps, { testTap, testText, testStart, testBlock, testUnblock, testContact, testLocation });

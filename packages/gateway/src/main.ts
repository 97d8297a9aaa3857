#!/usr/bin/env node
import { answerCommandLine } from './command-line.ts';
import { runGateway } from './run-gateway.ts';

const answer = answerCommandLine(process.argv.slice(2));
if (answer === null) runGateway(process.env);
else {
  (answer.exitCode === 0 ? process.stdout : process.stderr).write(answer.text);
  process.exitCode = answer.exitCode;
}

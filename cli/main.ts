#!/usr/bin/env node
import { runCommandLine } from './program.ts';
import { createTerminal } from './terminal.ts';

// Not process.exit(): what was printed may still be on its way through a pipe.
process.exitCode = await runCommandLine(process.argv.slice(2), createTerminal(process));

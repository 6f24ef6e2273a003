#!/usr/bin/env node
/** The fresh-scim command, for any Node from 18 on: starts src/main.ts with the Node that the workspace carries. */
import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';
import { runWithCarriedNode } from './carried-node.js';

const cli = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // The only answer that needs nothing installed.
  process.stdout.write(`${JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8')).version}\n`);
} else {
  runWithCarriedNode([join(cli, 'src/main.ts'), ...args]);
}

/**
 * Runs a file of this repository with the Node that the workspace carries: `node scripts/run.js FILE ARGS`. Plain
 * JavaScript for any Node from 18 on; in a new clone it installs first.
 */
import { runWithCarriedNode } from '../apps/cli/bin/carried-node.js';

runWithCarriedNode(process.argv.slice(2));

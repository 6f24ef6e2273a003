// connection: the group of commands about Freshservice accounts.
import { examples } from './command.ts';
import type { AddCommand } from './command.ts';
import { addConnectionAdd } from './connection-add.ts';
import { addConnectionChanges } from './connection-change.ts';
import { addConnectionLooks } from './connection-look.ts';
import { addConnectionRemove } from './connection-remove.ts';

/** Adds `connection` and its commands. */
export const addConnection: AddCommand = (program, io) => {
  const connection = program
    .command('connection')
    .description('connect Freshservice accounts, and change that')
    .addHelpText('after', examples('connection add --help', 'connection list', 'connection show acme'));
  addConnectionAdd(connection, io);
  addConnectionLooks(connection, io);
  addConnectionChanges(connection, io);
  addConnectionRemove(connection, io);
};

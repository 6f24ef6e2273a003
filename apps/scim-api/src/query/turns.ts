/**
 * How many scans run at a time: so many for a connection, so many for all. Others wait for their turn; when too many
 * wait already, 429.
 */
import { ScimError } from '@fresh-scim/scim';

/** Runs the work when it is its turn. @throws {ScimError} 429 when too many wait. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly connectionId: string;
  readonly begin: () => void;
}

const AT_A_TIME_MAX = 4;
const PER_CONNECTION_MAX = 2;
const WAITING_MAX = 100;
const WAITING_PER_CONNECTION_MAX = 20;

/** Turns that are shared by all connections of a process. @returns those of one connection, by its id */
export function createTurns(): (connectionId: string) => TakeTurn {
  /** The connection of each scan that runs. */
  const running: string[] = [];
  const waiting: Waiting[] = [];
  const hasRoom = (connectionId: string): boolean =>
    running.filter((other) => other === connectionId).length < PER_CONNECTION_MAX;

  const beginNext = (): void => {
    if (running.length >= AT_A_TIME_MAX) return;
    const index = waiting.findIndex(({ connectionId }) => hasRoom(connectionId));
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (!next) return;
    running.push(next.connectionId);
    next.begin();
  };
  const end = (connectionId: string): void => {
    running.splice(running.indexOf(connectionId), 1);
    beginNext();
  };

  return (connectionId) => async (work) => {
    const mine = waiting.filter((other) => other.connectionId === connectionId).length;
    if (mine >= WAITING_PER_CONNECTION_MAX || waiting.length >= WAITING_MAX) throw tooManyScans();
    await new Promise<void>((begin) => {
      waiting.push({ connectionId, begin });
      beginNext();
    });
    try {
      return await work();
    } finally {
      end(connectionId);
    }
  };
}

const tooManyScans = (): ScimError =>
  new ScimError(
    429,
    undefined,
    'Too many searches without an index at once. Repeat this one later, or filter by an indexed attribute.',
  );

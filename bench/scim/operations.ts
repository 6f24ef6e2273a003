/** What is asked of every server alike: the four operations that Entra lives by, on the same people. */
import { activePatch, typicalUser } from '../people.ts';
import { drive, type Exchange, type Target } from './load.ts';

/** The people of one server, as the bench knows them. */
export interface Crowd {
  readonly people: { readonly id: string; readonly userName: string; active: boolean }[];
  /** The number of the next person to be created. */
  next: number;
}

/** In the order of measuring: what creates nobody comes first, so that everybody has the same number of people then. */
export const OPERATIONS = ['get by id', 'userName eq', 'PATCH active', 'create'] as const;
export type Operation = (typeof OPERATIONS)[number];

const CONNECTIONS_TO_FILL = 20;

/** Requests of that operation without end. Each person in turn is asked for; whoever is created is a new person. */
export function requestsOf(operation: Operation, crowd: Crowd): () => Exchange {
  let turn = 0;
  const someone = (): Crowd['people'][number] => {
    // A step without a factor in common with round numbers, so that neighbours are not asked for in a row.
    const person = crowd.people[(turn * 7919) % crowd.people.length];
    if (!person) throw new RangeError('there is nobody to ask for');
    turn += 1;
    return person;
  };
  switch (operation) {
    case 'get by id':
      return () => {
        const { id, userName } = someone();
        return { method: 'GET', path: `/Users/${id}`, status: 200, contains: `"userName":"${userName}"` };
      };
    case 'userName eq':
      return () => findBy(someone().userName);
    case 'PATCH active':
      return () => {
        const person = someone();
        person.active = !person.active;
        const body = activePatch(person.active);
        const contains = `"active":${person.active}`;
        return { method: 'PATCH', path: `/Users/${person.id}`, body, status: 200, contains };
      };
    case 'create':
      return () => create(crowd);
  }
}

/** The look-up by which Entra finds a person; the answer has to hold that person and nobody else. */
export function findBy(userName: string): Exchange {
  const filter = encodeURIComponent(`userName eq "${userName}"`).replaceAll('%20', '+');
  return {
    method: 'GET',
    path: `/Users?filter=${filter}`,
    status: 200,
    contains: `"userName":"${userName}"`,
  };
}

/** The next person of the crowd, who belongs to it only by `onAnswer`. */
export function create(crowd: Crowd, onAnswer?: Exchange['onAnswer']): Exchange {
  const body = typicalUser(crowd.next);
  crowd.next += 1;
  const contains = `"userName":"${body.userName}"`;
  return { method: 'POST', path: '/Users', body, status: 201, contains, ...(onAnswer ? { onAnswer } : {}) };
}

/** Creates people until there are so many. @throws when one of them cannot be created. */
export async function fill(target: Target, crowd: Crowd, people: number): Promise<void> {
  const next = (): Exchange | undefined => {
    if (crowd.next >= people) return undefined;
    return create(crowd, (text) => {
      const { id, userName } = JSON.parse(text) as { id: string; userName: string };
      crowd.people.push({ id, userName, active: true });
    });
  };
  const { errors, firstError } = await drive(target, next, { connections: CONNECTIONS_TO_FILL });
  if (errors > 0) throw new Error(`${errors} people could not be created; the first: ${firstError}`);
}

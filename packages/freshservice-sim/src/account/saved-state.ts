// The lines of a state file, and the state that they add up to.
import { z } from 'zod';
import { FIRST_DEPARTMENTS, FIRST_FIELDS, FIRST_LOCATIONS } from './catalog.ts';
import { type CustomField, customFieldSchema } from './custom-field.ts';
import { type Department, departmentSchema } from './department.ts';
import { type Location, locationSchema } from './location.ts';
import { type User, userSchema } from './user.ts';

/** The tables of an account. */
export const TABLES = ['users', 'departments', 'locations', 'fields'] as const;
/** The name of a table. */
export type Table = (typeof TABLES)[number];

const nextId = z.number().int();

const lineSchema = z.union([
  z.strictObject({ users: userSchema }),
  z.strictObject({ departments: departmentSchema }),
  z.strictObject({ locations: locationSchema }),
  z.strictObject({ fields: customFieldSchema }),
  z.strictObject({ removed: z.enum(TABLES), id: z.number().int() }),
  z.strictObject({
    format: z.literal(2),
    nextIds: z.strictObject({ users: nextId, departments: nextId, locations: nextId, fields: nextId }),
  }),
  // Format 1 knew people only; such an account has the departments, locations and fields of a new one.
  z.strictObject({ format: z.literal(1), nextId }),
  z.strictObject({ user: userSchema }),
  z.strictObject({ forgotten: z.number().int() }),
]);

type Line = z.infer<typeof lineSchema>;

/** What a state file says. */
export interface SavedState {
  readonly nextIds: Readonly<Record<Table, number>>;
  readonly users: readonly User[];
  readonly departments: readonly Department[];
  readonly locations: readonly Location[];
  readonly fields: readonly CustomField[];
}

/** What the lines of a file add up to. Ids that were removed are counted too, so that none is given twice. */
export class Replay {
  readonly #users = new Map<number, User>();
  readonly #departments = new Map<number, Department>();
  readonly #locations = new Map<number, Location>();
  readonly #fields = new Map<number, CustomField>();
  readonly #nextIds: Record<Table, number> = { users: 0, departments: 0, locations: 0, fields: 0 };

  /** Takes the next line. */
  add(line: Line): void {
    if ('users' in line) this.#put('users', this.#users, line.users);
    else if ('user' in line) this.#put('users', this.#users, line.user);
    else if ('departments' in line) this.#put('departments', this.#departments, line.departments);
    else if ('locations' in line) this.#put('locations', this.#locations, line.locations);
    else if ('fields' in line) this.#put('fields', this.#fields, line.fields);
    else if ('removed' in line) this.#remove(line.removed, line.id);
    else if ('forgotten' in line) this.#remove('users', line.forgotten);
    else if (line.format === 2) Object.assign(this.#nextIds, line.nextIds);
    else this.#startFormat1(line.nextId);
  }

  /** What the lines so far add up to. */
  state(): SavedState {
    return {
      nextIds: this.#nextIds,
      users: [...this.#users.values()],
      departments: [...this.#departments.values()],
      locations: [...this.#locations.values()],
      fields: [...this.#fields.values()],
    };
  }

  #startFormat1(nextUserId: number): void {
    this.#nextIds.users = nextUserId;
    for (const department of FIRST_DEPARTMENTS) this.#put('departments', this.#departments, department);
    for (const location of FIRST_LOCATIONS) this.#put('locations', this.#locations, location);
    for (const field of FIRST_FIELDS) this.#put('fields', this.#fields, field);
  }

  #put<T extends { readonly id: number }>(table: Table, records: Map<number, T>, record: T): void {
    records.set(record.id, record);
    this.#nextIds[table] = Math.max(this.#nextIds[table], record.id + 1);
  }

  #remove(table: Table, id: number): void {
    const tables = {
      users: this.#users,
      departments: this.#departments,
      locations: this.#locations,
      fields: this.#fields,
    };
    tables[table].delete(id);
  }
}

/**
 * Reads a line of a state file.
 * @throws {Error} that names `place`, when it is not one
 */
export function parseLine(line: string, place: string): Line {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(`${place} is not a line of a simulator's state file`, { cause: error });
  }
}

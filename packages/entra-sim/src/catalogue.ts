// What an account has besides people, by which the ids of a record become names: departments, locations, custom fields.
import type { ObservedPerson } from './fields.ts';

/** Lists as Freshservice's API shows them. A location or custom field that is in no list is unresolvable. */
export interface AccountLists {
  /** Needed for people who come without `department_names`. */
  readonly departments?: readonly { readonly id: number; readonly name: string }[];
  readonly locations?: readonly {
    readonly id: number;
    readonly name: string;
    readonly parent_location_id?: number | null | undefined;
  }[];
  readonly fields?: readonly { readonly name: string }[];
}

const DEPTH_MAX = 20;

/** The lists, prepared for looking up. */
export class Catalogue {
  readonly #departments: ReadonlyMap<number, string>;
  /** Path from the top, in lower case, with a slash in front. */
  readonly #paths: ReadonlyMap<number, string>;
  readonly #customFields: ReadonlySet<string>;

  constructor({ departments = [], locations = [], fields = [] }: AccountLists) {
    this.#departments = new Map(departments.map(({ id, name }) => [id, name]));
    const byId = new Map(locations.map((location) => [location.id, location]));
    this.#paths = new Map(
      locations.map(({ id }) => {
        const names: string[] = [];
        for (let at = byId.get(id); at !== undefined && names.length < DEPTH_MAX; ) {
          names.unshift(at.name);
          at = byId.get(at.parent_location_id ?? 0);
        }
        return [id, `/${toKey(names.join('/'))}`];
      }),
    );
    this.#customFields = new Set(fields.map(({ name }) => name));
  }

  /** The names of a person's departments, in one text; one name when all is well. */
  departmentsOf({ department_names: names, department_ids: ids }: ObservedPerson): string {
    return (names ?? (ids ?? []).map((id) => this.#departments.get(id) ?? `#${id}`)).join(' + ');
  }

  /** The path of a person's location, empty without one. */
  locationPathOf({ location_id: id }: ObservedPerson): string {
    if (id === null || id === undefined) return '';
    return this.#paths.get(id) ?? `#${id}`;
  }

  /** Whether exactly one location has this name, or this end of its path. */
  hasLocation(nameOrPath: string): boolean {
    return [...this.#paths.values()].filter((path) => this.isAt(path, nameOrPath)).length === 1;
  }

  /** Whether a path ends in this name or path. */
  isAt(path: string, nameOrPath: string): boolean {
    return path.endsWith(`/${toKey(nameOrPath)}`);
  }

  hasCustomField(name: string): boolean {
    return this.#customFields.has(name);
  }
}

function toKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

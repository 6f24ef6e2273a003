// Which directory object is bound to which SCIM id. Survives a restart of provisioning; holds three facts:
// an id belongs to one object at most; an object that was unassigned, and is disabled for it, is no longer managed;
// a POST without an answer may have created somebody, so that person is looked for before being forgotten.

/** The endpoint's resource of a directory object. */
export interface Link {
  readonly id: string;
  /** False once the endpoint has accepted that the person was unassigned: a later hard delete sends nothing. */
  readonly managed: boolean;
}

/** All links of one provisioning job. */
export class Links {
  readonly #byObject = new Map<string, Link>();
  readonly #byId = new Map<string, string>();
  readonly #maybeCreated = new Set<string>();

  get(objectId: string): Link | undefined {
    return this.#byObject.get(objectId);
  }

  /** The object that has this id, if any. */
  holderOf(id: string): string | undefined {
    return this.#byId.get(id);
  }

  /** Binds, and takes the id from whoever had it: a rehired person's new object replaces the old one. */
  bind(objectId: string, id: string): Link {
    const holder = this.#byId.get(id);
    if (holder !== undefined && holder !== objectId) this.#byObject.delete(holder);
    const link = { id, managed: true };
    this.#byObject.set(objectId, link);
    this.#byId.set(id, objectId);
    this.#maybeCreated.delete(objectId);
    return link;
  }

  /** Records whether the person is still managed. */
  setManaged(objectId: string, managed: boolean): void {
    const link = this.#byObject.get(objectId);
    if (link !== undefined) this.#byObject.set(objectId, { ...link, managed });
  }

  drop(objectId: string): void {
    const link = this.#byObject.get(objectId);
    this.#maybeCreated.delete(objectId);
    if (link === undefined) return;
    this.#byObject.delete(objectId);
    this.#byId.delete(link.id);
  }

  /** To be told before a POST; `drop` takes it back when the endpoint refused. */
  creating(objectId: string): void {
    this.#maybeCreated.add(objectId);
  }

  /** True when a POST of this person has had no definite answer. */
  maybeCreated(objectId: string): boolean {
    return this.#maybeCreated.has(objectId);
  }
}

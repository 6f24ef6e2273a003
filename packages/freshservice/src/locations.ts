/** The location endpoints that provisioning needs: it refers to locations and makes none (documentation: Locations). */
import type { CallOptions } from './call.ts';
import { fetchPage, listed, type Page, type PageOptions } from './endpoint.ts';
import type { Http } from './http.ts';
import { fetchByName } from './place-name.ts';
import { type Location, locationSchema } from './records.ts';

/** Calls on locations. Every one may throw {@link FreshserviceError}. */
export interface Locations {
  /** One page, of all levels of the tree. */
  list(page: PageOptions, options: CallOptions): Promise<Page<Location>>;
  /**
   * Those with this name, by its key, whatever their parent. The search lags behind changes by minutes: finding nothing
   * proves nothing. `invalid` for a name that the query language cannot hold, such as a very long one.
   */
  findByName(name: string, options: CallOptions): Promise<readonly Location[]>;
}

const COLLECTION = '/locations';
const manyLocations = listed('locations', locationSchema);

export function locationsOf(http: Http): Locations {
  return {
    async list(page, options) {
      return await fetchPage(http, COLLECTION, manyLocations, page, {}, options, 'overall');
    },
    async findByName(name, options) {
      return await fetchByName(http, COLLECTION, manyLocations, name, options);
    },
  };
}

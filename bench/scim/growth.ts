/**
 * Does a look-up, a create or a page cost more the more people there are? One installation of each size, measured in
 * turns over one connection, so that what is seen is the latency of a request that waits for nobody else.
 */
import type { RedisBinary } from '@fresh-scim/runtime';
import { type Figures, toFigures } from './figures.ts';
import { drive, type Exchange, type Measured } from './load.ts';
import { create, type Crowd, fill, findBy } from './operations.ts';
import { type Fsync, type Server, startFreshScim } from './servers.ts';

const KINDS = ['userName eq', 'create', 'page of 100 in the middle'] as const;

export interface GrowthOptions {
  readonly sizes: readonly number[];
  readonly fsync: Fsync;
  readonly rounds: number;
  /** Of one kind in one round; few, since creates let the smallest directory grow. */
  readonly requests: number;
  readonly onProgress: (line: string) => void;
}

/** The latency of one kind of request at one size. */
export interface Grown {
  readonly kind: (typeof KINDS)[number];
  readonly people: number;
  readonly figures: Figures;
}

export async function grow(binary: RedisBinary, options: GrowthOptions): Promise<Grown[]> {
  const { sizes, rounds, requests, onProgress } = options;
  const installations: { readonly people: number; readonly server: Server; readonly crowd: Crowd }[] = [];
  const measured = new Map<string, Measured[]>();
  try {
    for (const people of sizes) {
      const [server, crowd] = [await startFreshScim(binary, options.fsync), { people: [], next: 0 }];
      installations.push({ people, server, crowd });
      await fill(server, crowd, people);
      onProgress(`${people} people are there`);
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (const { people, server, crowd } of installations) {
        for (const kind of KINDS) {
          const result = await drive(server, upTo(requests, requestsOf(kind, crowd)), { connections: 1 });
          // The first round warms up.
          if (round > 0)
            measured.set(`${kind} ${people}`, [...(measured.get(`${kind} ${people}`) ?? []), result]);
        }
      }
    }
    return KINDS.flatMap((kind) =>
      sizes.map((people) => ({ kind, people, figures: toFigures(measured.get(`${kind} ${people}`) ?? []) })),
    );
  } finally {
    await Promise.all(installations.map(({ server }) => server.stop()));
  }
}

function requestsOf(kind: Grown['kind'], crowd: Crowd): () => Exchange {
  let turn = 0;
  switch (kind) {
    case 'create':
      return () => create(crowd);
    case 'userName eq':
      return () => {
        turn += 1;
        return findBy(crowd.people[(turn * 7919) % crowd.people.length]?.userName ?? '');
      };
    case 'page of 100 in the middle':
      return () => ({
        method: 'GET',
        path: `/Users?startIndex=${Math.max(1, Math.floor(crowd.people.length / 2) - 50)}&count=100`,
        status: 200,
        contains: '"itemsPerPage":100,',
      });
  }
}

function upTo(requests: number, next: () => Exchange): () => Exchange | undefined {
  let left = requests;
  return () => ((left -= 1) >= 0 ? next() : undefined);
}

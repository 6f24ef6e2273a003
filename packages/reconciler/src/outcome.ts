/** How a unit of work ends, told to the queue without any of the queue's words. */

import type { Awaited } from '@fresh-scim/directory';

/** `why` is a code without personal data. */
export type Outcome =
  | { readonly kind: 'settled'; readonly notes: number }
  | { readonly kind: 'requeueAfter'; readonly ms: number; readonly why: string }
  | { readonly kind: 'rateLimited'; readonly bucket: string; readonly ms: number }
  | { readonly kind: 'terminal'; readonly why: string };

/** How a reconcile wants its key to end; `reconcile` turns it into a move of the key and an `Outcome`. */
export type Ending =
  | { readonly kind: 'inStep' }
  /** Look again at once: something changed under our feet, or the bound of one reconcile is reached. */
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'later'; readonly ms: number; readonly why: string; readonly isFailure: boolean }
  | { readonly kind: 'rateLimited'; readonly bucket: string; readonly ms: number }
  | {
      readonly kind: 'parked';
      readonly why: string;
      readonly detail?: string;
      readonly awaits?: readonly Awaited[];
    }
  | { readonly kind: 'held'; readonly passed: number; readonly limit: number }
  /** Another holder has the key; nothing may be written under our lease any more. */
  | { readonly kind: 'lost' };
